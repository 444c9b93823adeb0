import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { readStacks } from "../../../config/read-stacks.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

const projectFolder = join(import.meta.dirname, "../../..");

describe("the stack files of this project", () => {
  it("the project of the committed stack files is named identity", async () => {
    expect((await readStacks(projectFolder)).project).to.equal("identity");
  });

  it("Pulumi.staging.yaml describes cluster2 with its two services", async () => {
    const common = { namespace: "test-namespace", replicas: 2, applicationCluster: "staging" };
    const { configs } = await readStacks(projectFolder);
    expect(configs.get("staging")).to.deep.equal({
      stack: "staging",
      cluster: { name: "cluster2", httpPort: 81, workers: 0 },
      services: [
        { ...common, name: "identity", applicationName: "identity", ingress: { path: "/" } },
        { ...common, name: "identity-different-cluster", applicationName: "identity-different-cluster" },
      ],
      peers: [],
    });
  });

  it("Pulumi.development.yaml describes cluster1 with its three services and its link to staging", async () => {
    const common = { namespace: "test-namespace", replicas: 2, applicationCluster: "development" };
    const { configs } = await readStacks(projectFolder);
    expect(configs.get("development")).to.deep.equal({
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

describe("readStacks", () => {
  const folder = useTemporaryFolder("read-stacks-");

  it("a stack file that can't be read stops no other stack, not even one that refers to it", async () => {
    const file = (port: number, more = "") =>
      `config:\n  identity:cluster: { name: c${port}, httpPort: ${port} }\n` +
      `  identity:services: [{ name: one, namespace: n }]\n${more}`;
    const files = {
      "Pulumi.yaml": "name: identity\n",
      "Pulumi.a.yaml": file(81, "  identity:peers: [{ alias: b, namespace: n, stack: broken }]\n"),
      "Pulumi.broken.yaml": "config: [\n",
      "Pulumi.c.yaml": file(82),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder(), name), text);
    const { configs, problems } = await readStacks(folder());
    expect([...configs.keys()]).to.deep.equal(["a", "c"]);
    expect([...problems.keys()]).to.deep.equal(["broken"]);
    expect(problems.get("broken")!.message).to.match(/^Pulumi\.broken\.yaml:\d+:\d+: /);
  });
});
