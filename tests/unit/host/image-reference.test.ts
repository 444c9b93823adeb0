import { expect } from "chai";
import { parseImageReference, pullName } from "../../../host/image-reference.ts";

const digest = `sha256:${"0".repeat(64)}`;

describe("parseImageReference", () => {
  it("an image's name without a registry is one of Docker Hub, and without a user an official one", () => {
    expect(parseImageReference("registry:3")).to.deep.equal({
      registry: "docker.io",
      repository: "library/registry",
      tag: "3",
    });
    expect(parseImageReference("kindest/node:v1.36.4")).to.deep.include({
      registry: "docker.io",
      repository: "kindest/node",
    });
  });

  it("an image's name begins with its registry if that has a dot, a port, or is localhost", () => {
    expect(parseImageReference("gcr.io/distroless/cc:nonroot")).to.deep.equal({
      registry: "gcr.io",
      repository: "distroless/cc",
      tag: "nonroot",
    });
    expect(parseImageReference("localhost:5000/a")).to.deep.equal({
      registry: "localhost:5000",
      repository: "a",
      tag: undefined,
    });
    expect(parseImageReference("localhost/a:1").registry).to.equal("localhost");
  });
});

describe("pullName", () => {
  it("an image is pulled by its digest if that is known", () => {
    expect(pullName("kindest/node:v1.36.4", digest, {})).to.equal(`kindest/node@${digest}`);
    expect(pullName("registry:3.1.2", undefined, {})).to.equal("registry:3.1.2");
    expect(pullName("localhost:5000/a:1", digest, {})).to.equal(`localhost:5000/a@${digest}`);
  });

  it("an image is pulled from its registry's mirror if there is one", () => {
    const mirrors = { "docker.io": "mirror.example.com/docker-hub", "gcr.io": "http://localhost:5000" };
    expect(pullName("registry:3.1.2", undefined, mirrors)).to.equal(
      "mirror.example.com/docker-hub/library/registry:3.1.2",
    );
    expect(pullName("kindest/node:v1", digest, mirrors)).to.equal(
      `mirror.example.com/docker-hub/kindest/node@${digest}`,
    );
    expect(pullName("gcr.io/a/b:c", undefined, mirrors)).to.equal("localhost:5000/a/b:c");
    expect(pullName("ghcr.io/a/b:c", undefined, mirrors)).to.equal("ghcr.io/a/b:c");
  });
});
