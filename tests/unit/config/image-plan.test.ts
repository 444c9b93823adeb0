import { expect } from "chai";
import { imageBuild, mirrorName, planBuilds } from "../../../config/image-plan.ts";

describe("planBuilds", () => {
  const service = (build: object) => ({
    name: "a",
    namespace: "b",
    replicas: 1,
    build: { context: "../web", ...build },
  });

  it("services with the same source share one build, and another target, argument or Dockerfile makes another", () => {
    const names = (...builds: object[]) => planBuilds(builds.map(service), "/fleet").map(({ name }) => name);
    expect(names({}, {}, { args: { B: "1", A: "2" } }, { args: { A: "2", B: "1" } })).to.have.length(2);
    expect(
      names({}, { target: "a" }, { dockerfile: "b" }, { platform: "linux/arm64" }, { args: { A: "1" } }),
    ).to.have.length(5);
  });

  it("a build's name is the same in every checkout, and one that a registry accepts", () => {
    const here = imageBuild({ context: "My Web.App_" }, "/one").name;
    expect(imageBuild({ context: "./My Web.App_/" }, "/other").name).to.equal(here);
    expect(here).to.match(/^my-web-app-[0-9a-f]{8}$/);
    expect(imageBuild({ context: "." }, "/日本").name).to.match(/^image-[0-9a-f]{8}$/);
    expect(mirrorName("ghcr.io/acme/web:1.0")).to.match(/^web-1-0-[0-9a-f]{8}$/);
  });

  it("a Dockerfile is looked for in the build's folder", () => {
    expect(imageBuild({ context: "../web", dockerfile: "ops/Dockerfile" }, "/a/fleet")).to.include({
      context: "/a/web",
      dockerfile: "/a/web/ops/Dockerfile",
    });
  });
});
