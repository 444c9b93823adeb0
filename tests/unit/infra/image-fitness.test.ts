import { expect } from "chai";
import { imageProblem } from "../../../infra/image-fitness.ts";

const service = { name: "web", namespace: "shop", replicas: 1, image: "web:1" };
const amd64 = "linux/amd64";
const problem = (user: string, change: object = {}, platform = amd64) =>
  imageProblem("web:1", { user, platform }, { ...service, ...change }, [amd64]);

describe("imageProblem", () => {
  it("an image for another processor is refused, with both platforms", () => {
    expect(problem("1000", {}, "linux/arm64")).to.contain(
      "is for linux/arm64, and the cluster's nodes are linux/amd64",
    );
    expect(problem("1000", { build: { context: "." } }, "linux/arm64")).to.contain('"platform: linux/amd64"');
  });

  it("an image of one processor is refused where the nodes have several, unless it is named by a digest, as one for all", () => {
    const facts = { user: "1000", platform: amd64 };
    const both = [amd64, "linux/arm64"];
    expect(imageProblem("web:1", facts, service, both)).to.contain(
      "the cluster's nodes are linux/amd64 and linux/arm64",
    );
    const byDigest = { ...service, image: `web@sha256:${"a".repeat(64)}` };
    expect(imageProblem(byDigest.image, facts, byDigest, both)).to.equal(undefined);
  });

  it("an image that runs as root is refused under restricted, and accepted under baseline or with another user", () => {
    for (const root of ["", "root", "0", "0:0", "root:root"]) {
      expect(problem(root), root).to.contain("runs as root").and.to.contain("runAsUser");
      expect(problem(root, { security: "baseline" })).to.equal(undefined);
      expect(problem(root, { runAsUser: 1000 })).to.equal(undefined);
    }
  });

  it("a user by name is refused under restricted, since nodes want its number", () => {
    expect(problem("nginx")).to.contain('the user "nginx"');
    expect(problem("1000:1000")).to.equal(undefined);
  });

  it("the identity service's user is known", () => {
    expect(
      imageProblem("i", { user: "", platform: amd64 }, { ...service, applicationName: "a", applicationCluster: "b" }, [
        amd64,
      ]),
    ).to.equal(undefined);
  });
});
