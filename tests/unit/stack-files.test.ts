import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parseStackConfig } from "../../config/stack-config.ts";
import { readProjectName, readStackFiles, StackFileError } from "../../config/stack-files.ts";

const root = join(import.meta.dirname, "../..");

/** The error of reading that must fail. */
async function failure(reading: Promise<unknown>): Promise<StackFileError> {
  const outcome = await reading.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).to.be.instanceOf(StackFileError);
  return outcome as StackFileError;
}

describe("stack files", () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "stack-files-"));
    await write({ "Pulumi.yaml": "name: identity\nruntime: nodejs\n" });
  });

  afterEach(() => rm(dir, { recursive: true }));

  async function write(files: Record<string, string>): Promise<void> {
    await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(dir, file), text)));
  }

  it("give each stack's configuration, without the project's prefix, in alphabetical order", async () => {
    await write({
      "Pulumi.staging.yaml":
        "config:\n  identity:cluster: { name: c, httpPort: 81 }\n  kubernetes:context: x\n  pulumi:tags: {}\n",
      "Pulumi.a.b-c_1.yaml": "config:\n  identity:services:\n    - name: one\n      ingress: true\n",
    });
    const files = await readStackFiles(dir);
    expect([...files]).to.deep.equal([
      ["a.b-c_1", { services: [{ name: "one", ingress: true }] }],
      ["staging", { cluster: { name: "c", httpPort: 81 } }],
    ]);
  });

  it("take a key as Pulumi does: without prefix, or with an old one", async () => {
    await write({ "Pulumi.a.yaml": "config:\n  exposedUrl: http://a\n  identity:config:peers: []\n" });
    expect((await readStackFiles(dir)).get("a")).to.deep.equal({ exposedUrl: "http://a", peers: [] });
  });

  it("leave encrypted values and Pulumi's own settings alone", async () => {
    await write({ "Pulumi.a.yaml": "encryptionsalt: v1:x\nconfig:\n  identity:exposedUrl:\n    secure: v1:abc\n" });
    expect((await readStackFiles(dir)).get("a")).to.deep.equal({ exposedUrl: { secure: "v1:abc" } });
  });

  it("follow anchors and merges", async () => {
    const yaml =
      "config:\n  identity:services:\n    - &one { name: one, replicas: 3 }\n    - { <<: *one, name: two }\n";
    await write({ "Pulumi.a.yaml": yaml });
    expect((await readStackFiles(dir)).get("a")).to.deep.equal({
      services: [
        { name: "one", replicas: 3 },
        { name: "two", replicas: 3 },
      ],
    });
  });

  it("may be empty", async () => {
    await write({ "Pulumi.a.yaml": "", "Pulumi.b.yaml": "config:\n", "Pulumi.c.yaml": "encryptionsalt: x\n" });
    expect([...(await readStackFiles(dir)).values()]).to.deep.equal([{}, {}, {}]);
  });

  it("are no other files", async () => {
    await write({ "Pulumi.a.yaml.bak": "", "Pulumi.b.yml": "", "package.yaml": "", "Pulumi. .yaml": ": :" });
    expect([...(await readStackFiles(dir)).keys()]).to.deep.equal([]);
  });

  it("that are no YAML are named, all of them, with the line", async () => {
    await write({
      "Pulumi.a.yaml": "config:\n  identity:cluster: {}\n  identity:cluster: {}\n",
      "Pulumi.b.yaml": "config:\n  - [\n",
      "Pulumi.c.yaml": "config: {}\n",
    });
    const { message } = await failure(readStackFiles(dir));
    expect(message)
      .to.match(/^Pulumi\.a\.yaml:3:3: .*unique/m)
      .and.match(/^Pulumi\.b\.yaml:\d:\d: /m);
    expect(message).not.to.contain("Pulumi.c.yaml");
  });

  it("that hold something else are named", async () => {
    await write({
      "Pulumi.a.yaml": "- 1\n",
      "Pulumi.b.yaml": "config: [1]\n",
      "Pulumi.c.yaml": "config: { identity:x: *none }\n",
    });
    await mkdir(join(dir, "Pulumi.d.yaml"));
    const { message } = await failure(readStackFiles(dir));
    expect(message.split("\n").map((line) => /^Pulumi\.(.)\.yaml:/.exec(line)?.[1])).to.deep.equal([
      "a",
      "b",
      "c",
      "d",
    ]);
  });

  it("need a project with a name beside them", async () => {
    expect(await readProjectName(dir)).to.equal("identity");
    await write({ "Pulumi.yaml": "runtime: nodejs\n" });
    expect((await failure(readProjectName(dir))).message).to.contain("Pulumi.yaml: no name: write one");
    await rm(join(dir, "Pulumi.yaml"));
    expect((await failure(readStackFiles(dir))).message).to.contain("Pulumi.yaml: can't be read: ENOENT");
  });
});

describe("the stack files of this project", () => {
  async function parse(stack: string) {
    const files = await readStackFiles(root);
    return parseStackConfig(stack, files.get(stack)!, Object.fromEntries(files), await readProjectName(root));
  }

  it("are of the project identity, which full stack names are compared with by default", async () => {
    expect(await readProjectName(root)).to.equal("identity");
  });

  it("describe staging", async () => {
    const common = { namespace: "test-namespace", replicas: 2, applicationCluster: "staging" };
    expect(await parse("staging")).to.deep.equal({
      stack: "staging",
      cluster: { name: "cluster2", httpPort: 81, workers: 0 },
      services: [
        { ...common, name: "identity", applicationName: "identity", ingress: { path: "/" } },
        { ...common, name: "identity-different-cluster", applicationName: "identity-different-cluster" },
      ],
      peers: [],
    });
  });

  it("describe development", async () => {
    const common = { namespace: "test-namespace", replicas: 2, applicationCluster: "development" };
    expect(await parse("development")).to.deep.equal({
      stack: "development",
      cluster: { name: "cluster1", httpPort: 80, workers: 0 },
      services: [
        { ...common, name: "identity", applicationName: "identity", ingress: { path: "/" } },
        { ...common, name: "identity-internal", applicationName: "internal" },
        { ...common, name: "identity-different-namespace", namespace: "service2", applicationName: "service2" },
      ],
      peers: [
        {
          alias: "cluster2-service1",
          namespace: "test-namespace",
          stack: "staging",
          localStack: "staging",
          whenAbsent: "fail",
        },
      ],
    });
  });
});
