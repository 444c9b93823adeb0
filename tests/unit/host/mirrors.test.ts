import { expect } from "chai";
import { type Mirrors, MirrorsError, parseMirrors } from "../../../host/mirrors.ts";

const file = `
github: https://mirror.example.com/github/
kubernetes: https://mirror.example.com/dl.k8s.io
images:
  docker.io: mirror.example.com/docker-hub
`;

describe("parseMirrors", () => {
  it("without settings, everything comes from where its projects publish it", () => {
    expect(parseMirrors("", {})).to.deep.equal({ images: {} });
    expect(parseMirrors("# nothing\n", { FLEET_GITHUB_URL: "" })).to.deep.equal({ images: {} });
  });

  it("mirrors are read from the file, and the environment goes before it", () => {
    const read: Mirrors = parseMirrors(file, {
      FLEET_KUBERNETES_URL: "http://localhost:1/k8s",
      FLEET_IMAGE_MIRRORS: "gcr.io=localhost:5000/gcr, docker.io=other",
    });
    expect(read).to.deep.equal({
      github: "https://mirror.example.com/github",
      kubernetes: "http://localhost:1/k8s",
      images: { "docker.io": "other", "gcr.io": "localhost:5000/gcr" },
    });
  });

  const wrong: [string, string, NodeJS.ProcessEnv, string][] = [
    ["a value that is no URL", "github: mirror.example.com", {}, "mirrors.yaml: github is"],
    ["another scheme", "", { FLEET_PULUMI_URL: "ftp://x" }, "FLEET_PULUMI_URL is"],
    ["a password in a URL", "github: https://me:pw@x", {}, "put it into ~/.netrc instead"],
    ["an unknown key", "gitlab: https://x", {}, 'has "gitlab"; choose from github, kubernetes, pulumi, images'],
    ["a list", "- github", {}, "must have the keys"],
    ["text that is no YAML", "a: [", {}, "is not valid YAML"],
    ["images that are no map", "images: mirror", {}, "must be a map"],
    ["an image mirror with https://", "", { FLEET_IMAGE_MIRRORS: "docker.io=https://x" }, "without https://"],
    ["an image mirror without a value", "", { FLEET_IMAGE_MIRRORS: "docker.io" }, "null for docker.io"],
    ["a registry with a path", "images: { docker.io/library: x }", {}, "which is no registry"],
  ];
  for (const [what, text, env, words] of wrong) {
    it(`mirrors with ${what} are refused, with place and remedy`, () => {
      expect(() => parseMirrors(text, env)).to.throw(MirrorsError, words);
    });
  }

  it("a message about a password does not repeat it", () => {
    expect(() => parseMirrors("github: https://me:hunter2@x", {}))
      .to.throw()
      .and.property("message")
      .not.include("hunter2");
  });
});
