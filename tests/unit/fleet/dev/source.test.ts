import { expect } from "chai";
import { dockerfileSource, isNoise, kindOfServiceFile } from "../../../../fleet/dev/source.ts";
import { wordIn } from "../../../../fleet/dev/pod-link.ts";
import { timeOfSave } from "../../../../fleet/dev/watch-source.ts";

describe("dev/source", () => {
  it("an edit of the service's code is sent to the pods, one of its Dockerfile is a new image", () => {
    expect(kindOfServiceFile("src/handlers/greeting.ts", false)).to.equal("code");
    expect(kindOfServiceFile("package.json", false)).to.equal("code");
    expect(kindOfServiceFile("Dockerfile", false)).to.equal("image");
  });

  it("with --roll-out every edit is a new image", () => {
    expect(kindOfServiceFile("src/handlers/greeting.ts", true)).to.equal("image");
  });

  it("what the build writes itself, and what it does not read, starts no build", () => {
    for (const path of ["dist/server.js", "dist/Dockerfile", "build.ts", "README.md", "node_modules/koa/index.js"]) {
      expect(kindOfServiceFile(path, false), path).to.equal("nothing");
    }
  });

  it("editors' drafts and other tools' folders are noise", () => {
    for (const path of ["node_modules", "a/.git/index", "src/.app.ts.swp", "src/app.ts~", "src/4913", "src/.#app.ts"]) {
      expect(isNoise(path), path).to.be.true;
    }
    for (const path of ["src/app.ts", ".gitignore", "src/tmp.ts", "src/module/node_modules.ts"]) {
      expect(isNoise(path), path).to.be.false;
    }
  });
});

describe("dev/source of a Dockerfile", () => {
  const services = new Map([["staging", ["shop/web"]]]);
  const isIgnored = (path: string) => path.startsWith("docs/") || path.endsWith("Dockerfile");

  it("rolls an image out on every change of what the build reads", () => {
    const source = dockerfileSource("web-1", { context: "/web" }, services, isIgnored);
    expect(source.kindOf("/web/src/main.go")).to.equal("image");
    expect(source.kindOf("/web/docs/readme.md")).to.equal("nothing");
    expect(source.kindOf("/web/.git/index")).to.equal("nothing");
    expect(source.kindOf("/web/Dockerfile"), "left out of the context").to.equal("image");
    expect(source).to.include({ name: "web-1", folder: "/web" }).and.not.have.property("swap");
    expect(source.otherFiles).to.deep.equal([]);
  });

  it("watches a Dockerfile outside the context, too", () => {
    const build = { context: "/web", dockerfile: "/docker/web.Dockerfile" };
    const source = dockerfileSource("web-1", build, services, isIgnored);
    expect(source.otherFiles).to.deep.equal(["/docker/web.Dockerfile"]);
    expect(source.kindOf("/docker/web.Dockerfile")).to.equal("image");
  });
});

describe("dev/watch-source", () => {
  it("a save's time is the file's own, unless the file was removed, copied with its time, or is of the future", () => {
    expect(timeOfSave(9_900, 10_000)).to.equal(9_900);
    expect(timeOfSave(undefined, 10_000)).to.equal(10_000);
    expect(timeOfSave(1_000, 10_000)).to.equal(10_000);
    expect(timeOfSave(99_000, 10_000)).to.equal(10_000);
  });
});

describe("dev/pod-link", () => {
  it("tells the supervisor's lines from the service's", () => {
    expect(wordIn('{"dev":"serving","version":"0a1b"}')).to.deep.equal({ dev: "serving", version: "0a1b" });
    expect(wordIn('{"dev":"failed","version":"0a1b","reason":"it ended"}')).to.include({ reason: "it ended" });
    for (const line of ['{"level":"info"}', '{"dev":"served"}', '{"dev":', "dev", '{"dev":true,"msg":"mine"}']) {
      expect(wordIn(line), line).to.equal(undefined);
    }
  });
});
