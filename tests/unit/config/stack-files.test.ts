import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { readBackendUrl, readProjectName, readStackFiles, StackFileError } from "../../../config/stack-files.ts";
import { failureOf } from "../../support/failure.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

/** The message of the StackFileError that a promise is rejected with. */
async function problemOf(reading: Promise<unknown>): Promise<string> {
  const failure = await failureOf(reading);
  expect(failure).to.be.instanceOf(StackFileError);
  return failure!.message;
}

describe("stack files", () => {
  const folder = useTemporaryFolder("stack-files-");

  beforeEach(() => write({ "Pulumi.yaml": "name: identity\nruntime: nodejs\n" }));

  async function write(files: Record<string, string>): Promise<void> {
    await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(folder(), file), text)));
  }

  it("readStackFiles returns the stacks in alphabetical order, and their keys without the project's prefix", async () => {
    await write({
      "Pulumi.staging.yaml":
        "config:\n  identity:cluster: { name: c, httpPort: 81 }\n  kubernetes:context: x\n  pulumi:tags: {}\n",
      "Pulumi.a.b-c_1.yaml": "config:\n  identity:services:\n    - name: one\n      ingress: true\n",
    });
    const { raws } = await readStackFiles(folder());
    expect([...raws]).to.deep.equal([
      ["a.b-c_1", { services: [{ name: "one", ingress: true }] }],
      ["staging", { cluster: { name: "c", httpPort: 81 } }],
    ]);
  });

  it("readStackFiles accepts a key as Pulumi does: without a prefix, or with the old one", async () => {
    await write({ "Pulumi.a.yaml": "config:\n  exposedUrl: http://a\n  identity:config:peers: []\n" });
    expect((await readStackFiles(folder())).raws.get("a")).to.deep.equal({ exposedUrl: "http://a", peers: [] });
  });

  it("readStackFiles keeps encrypted values as they are, and skips Pulumi's own settings", async () => {
    await write({ "Pulumi.a.yaml": "encryptionsalt: v1:x\nconfig:\n  identity:exposedUrl:\n    secure: v1:abc\n" });
    expect((await readStackFiles(folder())).raws.get("a")).to.deep.equal({ exposedUrl: { secure: "v1:abc" } });
  });

  it("readStackFiles resolves the anchors and merges of YAML", async () => {
    const yaml =
      "config:\n  identity:services:\n    - &one { name: one, replicas: 3 }\n    - { <<: *one, name: two }\n";
    await write({ "Pulumi.a.yaml": yaml });
    expect((await readStackFiles(folder())).raws.get("a")).to.deep.equal({
      services: [
        { name: "one", replicas: 3 },
        { name: "two", replicas: 3 },
      ],
    });
  });

  it("readStackFiles accepts empty stack files", async () => {
    await write({ "Pulumi.a.yaml": "", "Pulumi.b.yaml": "config:\n", "Pulumi.c.yaml": "encryptionsalt: x\n" });
    expect([...(await readStackFiles(folder())).raws.values()]).to.deep.equal([{}, {}, {}]);
  });

  it("readStackFiles skips files whose names only resemble a stack file's", async () => {
    await write({ "Pulumi.a.yaml.bak": "", "Pulumi.b.yml": "", "package.yaml": "", "Pulumi. .yaml": ": :" });
    expect([...(await readStackFiles(folder())).raws.keys()]).to.deep.equal([]);
  });

  it("readStackFiles goes on with the other files when some are not valid YAML, and has the line of each of these", async () => {
    await write({
      "Pulumi.a.yaml": "config:\n  identity:cluster: {}\n  identity:cluster: {}\n",
      "Pulumi.b.yaml": "config:\n  - [\n",
      "Pulumi.c.yaml": "config: {}\n",
    });
    const { raws, unreadable } = await readStackFiles(folder());
    expect([...raws.keys()]).to.deep.equal(["c"]);
    expect(unreadable.get("a")!.message).to.match(/^Pulumi\.a\.yaml:3:3: .*unique/m);
    expect(unreadable.get("b")!.message).to.match(/^Pulumi\.b\.yaml:\d:\d: /m);
  });

  it("readStackFiles tells every file that holds something other than a configuration", async () => {
    await write({
      "Pulumi.a.yaml": "- 1\n",
      "Pulumi.b.yaml": "config: [1]\n",
      "Pulumi.c.yaml": "config: { identity:x: *none }\n",
    });
    await mkdir(join(folder(), "Pulumi.d.yaml"));
    const { unreadable } = await readStackFiles(folder());
    for (const stack of ["a", "b", "c", "d"]) {
      expect(unreadable.get(stack)!.message).to.match(new RegExp(`^Pulumi\\.${stack}\\.yaml:`));
    }
  });

  it("readStackFiles reads objects and lists that are written as JSON, as pulumi config set does", async () => {
    await write({
      "Pulumi.a.yaml": `config:\n  identity:cluster: '{"name":"c","httpPort":81}'\n  identity:peers: ""\n  identity:exposedUrl: "[x"\n`,
    });
    expect((await readStackFiles(folder())).raws.get("a")).to.deep.equal({
      cluster: { name: "c", httpPort: 81 },
      peers: [],
      exposedUrl: "[x",
    });
  });

  it("readStackFiles takes what a stack does not set from Pulumi.yaml, by Pulumi's rules", async () => {
    await write({
      "Pulumi.yaml": `name: identity
config:
  pulumi:disable-default-providers: [kubernetes]
  aws:region: { value: x }
  identity:cluster: { default: { name: c, httpPort: 81 } }
  services: { type: array, items: { type: object }, default: [{ name: one }] }
  identity:peers: []
  exposedUrl: http://a
  identity:wanted: { type: string }
`,
      "Pulumi.a.yaml": "config: {}\n",
      "Pulumi.b.yaml": "config: { identity:cluster: { name: d }, exposedUrl: http://b }\n",
    });
    const { raws } = await readStackFiles(folder());
    const common = { services: [{ name: "one" }], peers: [] };
    expect(raws.get("a")).to.deep.equal({ cluster: { name: "c", httpPort: 81 }, ...common, exposedUrl: "http://a" });
    // A key is the stack's as a whole: Pulumi does not merge into it.
    expect(raws.get("b")).to.deep.equal({ cluster: { name: "d" }, ...common, exposedUrl: "http://b" });
  });

  it("readBackendUrl returns the backend that Pulumi.yaml names, or none", async () => {
    expect(await readBackendUrl(folder())).to.equal(undefined);
    await write({ "Pulumi.yaml": "name: identity\nbackend:\n  url: s3://acme?region=eu-west-1\n" });
    expect(await readBackendUrl(folder())).to.equal("s3://acme?region=eu-west-1");
  });

  it("readProjectName and readStackFiles fail when Pulumi.yaml has no name, or is missing", async () => {
    expect(await readProjectName(folder())).to.equal("identity");
    await write({ "Pulumi.yaml": "runtime: nodejs\n" });
    expect(await problemOf(readProjectName(folder()))).to.contain("Pulumi.yaml: no name: write one");
    await rm(join(folder(), "Pulumi.yaml"));
    expect(await problemOf(readStackFiles(folder()))).to.contain("Pulumi.yaml: can't be read: ENOENT");
  });
});
