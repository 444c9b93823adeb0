import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import type { StackConfig } from "../../config/stack-config.ts";
import { tryRun } from "../../host/command.ts";
import { contextName } from "../../infra/kind/cluster-spec.ts";
import { deleteCluster, ensureCluster } from "../../infra/kind/lifecycle.ts";
import { ensureTestTools, reportTo } from "../../toolchain/index.ts";
import { images, versions } from "../../versions.ts";
import { setVariable } from "../support/environment-variable.ts";
import { freePort } from "../support/free-port.ts";
import { kubectl } from "../support/kubectl.ts";
import { writeSchemas } from "../support/manifest-schemas.ts";
import { configOf, deployWithMocks, exposeStaging, stackNames } from "../support/mocks.ts";
import { testOwner } from "../support/test-owner.ts";
import { removeCluster, sweep, throwawayName } from "../support/throwaway-clusters.ts";

/** kube-score's checks that do not apply here. */
const ignoredChecks = [
  // Images are named by digest, or by a version that is never pushed again, so pulling them again changes nothing.
  "container-image-pull-policy",
];

const development = configOf("development");
const toUrl = (url: string): StackConfig => ({
  ...development,
  peers: [{ ...development.peers[0]!, url, stack: undefined }],
});

/** The configurations of every stack, and of development with each of the other ways of making a link. */
const cases: Record<string, StackConfig> = {
  ...Object.fromEntries(stackNames.map((stack) => [stack, configOf(stack)])),
  "development, linked by endpoints": toUrl("http://192.0.2.7:8080"),
  "development, linked by a proxy": toUrl("https://fleet.example.com"),
};

describe("the manifests of the stacks", function () {
  this.timeout(600_000);
  const cluster = throwawayName();
  let folder: string;
  let restoreKubeconfig: () => void;
  let tools: Record<"kubeconform" | "kubeScore", string>;

  before(async () => {
    await sweep();
    folder = await mkdtemp(join(tmpdir(), "manifests-"));
    tools = await ensureTestTools(["kubeconform", "kubeScore"], { report: reportTo(process.stderr) });
    restoreKubeconfig = setVariable("KUBECONFIG", join(folder, "kubeconfig"));
    const spec = { name: cluster, image: images.node, httpPort: await freePort(), workers: 0 };
    await ensureCluster(spec, { host: "localhost:1", endpoint: "http://none:5000" }, testOwner("manifests"));
    await mkdir(join(folder, "schemas"));
    await writeSchemas(
      await kubectl({ context: contextName(cluster) }, ["get", "--raw", "/openapi/v2"]),
      join(folder, "schemas"),
    );
  });
  after(async () => {
    await deleteCluster(cluster).catch(() => undefined);
    await removeCluster(cluster);
    await rm(folder, { recursive: true, force: true });
    restoreKubeconfig();
  });

  for (const [name, config] of Object.entries(cases)) {
    describe(name, () => {
      let file: string;

      before(async () => {
        exposeStaging();
        const { resources } = await deployWithMocks(config);
        const manifests = resources
          .filter(({ type }) => type.startsWith("kubernetes:"))
          .map(({ inputs }) => stringify(inputs));
        expect(manifests).to.have.length.of.at.least(15);
        file = join(folder, `${name.replaceAll(/\W+/g, "-")}.yaml`);
        await writeFile(file, manifests.join("---\n"));
      });

      it(`the manifests of ${name} are what this version of Kubernetes knows (kubeconform -strict)`, async () => {
        const { stdout, error } = await tryRun(tools.kubeconform, [
          "-strict",
          "-summary",
          "-output=json",
          `-kubernetes-version=${versions.kubernetes}`,
          `-schema-location=${folder}/schemas/{{.ResourceKind}}{{.KindSuffix}}.json`,
          file,
        ]);
        const { summary, resources } = JSON.parse(stdout) as {
          summary: { invalid: number; errors: number; skipped: number; valid: number };
          resources?: unknown[];
        };
        expect(summary, JSON.stringify(resources)).to.include({ invalid: 0, errors: 0, skipped: 0 });
        expect(summary.valid).to.be.greaterThan(14);
        expect(error).to.equal(undefined);
      });

      it(`the manifests of ${name} have no critical finding (kube-score)`, async () => {
        const ignored = ignoredChecks.map((check) => `--ignore-test=${check}`);
        const { stdout } = await tryRun(tools.kubeScore, ["score", "--output-format=json", ...ignored, file]);
        const objects = JSON.parse(stdout) as {
          object_name: string;
          checks: {
            check: { id: string };
            grade: number;
            skipped: boolean;
            comments: { path: string; summary: string }[] | null;
          }[];
        }[];
        const critical = objects.flatMap(({ object_name: object, checks }) =>
          checks
            .filter(({ grade, skipped }) => !skipped && grade <= 1)
            .map(({ check, comments }) => {
              const places = (comments ?? []).map(({ path, summary }) => `${path} ${summary}`);
              return `${object}: ${check.id}: ${places.join("; ")}`;
            }),
        );
        expect(objects).to.have.length.of.at.least(10);
        expect(critical).to.deep.equal([]);
      });
    });
  }
});
