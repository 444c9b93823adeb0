import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { parseStackConfig } from "../../../../config/stack-config.ts";
import { inputsOf, type Peers } from "../../../../fleet/drift/stack-inputs.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("inputsOf", () => {
  const folder = useTemporaryFolder();
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder(), path)), { recursive: true });
    await writeFile(join(folder(), path), text);
  };
  const parse = (stack: string, more: object) =>
    parseStackConfig({ cluster: { name: stack, httpPort: 80 }, services: [], ...more }, { stack, project: "identity" });
  const web = { name: "web", namespace: "shop", build: "web", port: 8080, files: { "/etc/motd": "motd.txt" } };
  const peer = (stack: string) => ({ alias: "other", namespace: "shop", stack });
  const alone: Peers = { together: [], outputs: new Map() };
  const inputs = (config = parse("a", { services: [web] }), peers = alone, configs = new Map([["a", config]])) =>
    inputsOf(config, { project: "identity", configs, problems: new Map() }, peers, folder());

  beforeEach(async () => {
    await write("service/Dockerfile", "FROM scratch\n");
    await write("Pulumi.a.yaml", "config: { identity:a: 1, identity:b: [1] }\n");
    await write("stacks/deploy.ts", "// one\n");
    await write("web/Dockerfile", "FROM scratch\nCOPY app /\n");
    await write("web/app", "1");
    await write("web/.dockerignore", "*.md\n");
    await write("motd.txt", "hello");
  });

  it("inputsOf is the same for as long as nothing has changed that the program reads", async () => {
    const before = await inputs();
    await write("README.md", "more");
    await write("web/README.md", "more");
    await write("Pulumi.b.yaml", "config: {}\n");
    // As Pulumi writes it while it runs.
    await write("Pulumi.a.yaml", "encryptionsalt: v1:AAAA\nconfig:\n  identity:b: [1]\n  identity:a: 1\n");
    expect(before).to.match(/^[0-9a-f]{64}$/);
    expect(await inputs()).to.equal(before);
  });

  for (const [what, path] of [
    ["the program", "stacks/deploy.ts"],
    ["the identity service's source", "service/src/server.ts"],
    ["a build's files", "web/app"],
    ["a mounted file", "motd.txt"],
    ["the dependencies", "package-lock.json"],
  ] as const) {
    it(`inputsOf changes with ${what}`, async () => {
      const before = await inputs();
      await write(path, "FROM scratch # other\n");
      expect(await inputs()).not.to.equal(before);
    });
  }

  it("inputsOf changes with any setting in the stack's file, also another provider's", async () => {
    const before = await inputs();
    await write("Pulumi.a.yaml", "config: { identity:a: 1, identity:b: [1], kubernetes:suppress: true }\n");
    expect(await inputs()).not.to.equal(before);
  });

  it("inputsOf changes with what a peer exposes, in its file or as it was last brought up", async () => {
    const config = parse("a", { peers: [peer("b")] });
    const beside = (more: object) => {
      const configs = new Map([
        ["a", config],
        ["b", parse("b", more)],
      ]);
      return inputs(config, { together: ["a", "b"], outputs: new Map() }, configs);
    };
    const before = await beside({});
    expect(await beside({ services: [{ ...web, ingress: true }] })).not.to.equal(before);
    expect(await beside({ exposedUrl: "http://192.0.2.1" })).not.to.equal(before);
    const outputs = { url: "", exposedUrl: "http://b-control-plane", context: "", image: "", services: [], peers: [] };
    expect(await inputs(config, { together: ["a"], outputs: new Map([["b", outputs]]) })).to.equal(before);
  });

  it("inputsOf can't tell for peers that nothing is known of, nor for resources of the user's own", async () => {
    expect(await inputs(parse("a", { peers: [peer("b")] }))).to.equal(undefined);
    expect(await inputs(parse("a", { peers: [peer("acme/other/b")] }))).to.equal(undefined);
    await write("stacks/a.extra.ts", "");
    expect(await inputs()).to.equal(undefined);
  });
});
