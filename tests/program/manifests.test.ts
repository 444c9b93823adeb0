import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { stringify } from "yaml";
import { deleteCluster, ensureCluster } from "../../infra/kind/lifecycle.ts";
import { contextName } from "../../infra/kind/cluster-spec.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { ensureTestTools, reportTo } from "../../toolchain/ensure.ts";
import { images, versions } from "../../versions.ts";
import { configOf, deployWithMocks, stackNames, stackOutputs } from "../support/mocks.ts";
import { kubectl } from "../support/kubectl.ts";
import { freePort, removeCluster, sweep, throwawayName } from "../support/throwaway.ts";
import { setVariable } from "../support/environment-variable.ts";
import { writeSchemas } from "../support/manifest-schemas.ts";

/** kube-score's checks that do not apply here, with the reason. */
const ignored: Record<string, string> = {
  "container-image-pull-policy":
    "images are named by digest, or by a version that is never pushed again: pulling them again gives the same",
};

const development = configOf("development");
const toUrl = (url: string): StackConfig => ({
  ...development,
  peers: [{ ...development.peers[0]!, url, stack: undefined }],
});

/** Every stack, and development with each of the other ways to make a link. */
const cases: Record<string, StackConfig> = {
  ...Object.fromEntries(stackNames.map((stack) => [stack, configOf(stack)])),
  "development, linked by endpoints": toUrl("http://192.0.2.7:8080"),
  "development, linked by a proxy": toUrl("https://fleet.example.com"),
};

describe("the manifests", function () {
  this.timeout(600_000);
  const cluster = throwawayName();
  let folder: string;
  let restoreKubeconfig: () => void;
  let judges: Record<"kubeconform" | "kubeScore", string>;

  before(async () => {
    await sweep();
    folder = await mkdtemp(join(tmpdir(), "manifests-"));
    judges = await ensureTestTools(["kubeconform", "kubeScore"], { report: reportTo(process.stderr) });
    restoreKubeconfig = setVariable("KUBECONFIG", join(folder, "kubeconfig"));
    const spec = { name: cluster, image: images.node, httpPort: await freePort(), workers: 0 };
    await ensureCluster(spec, { host: "localhost:1", endpoint: "http://none:5000" }, "identity/manifests");
    await mkdir(join(folder, "schemas"));
    await writeSchemas(
      await kubectl({ context: contextName(cluster) }, "get", "--raw", "/openapi/v2"),
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
        stackOutputs.set("organization/identity/staging", { exposedUrl: "http://cluster2-control-plane" });
        const { resources } = await deployWithMocks(config);
        const manifests = resources
          .filter(({ type }) => type.startsWith("kubernetes:"))
          .map(({ inputs }) => stringify(inputs));
        expect(manifests).to.have.length.of.at.least(15);
        file = join(folder, `${name.replaceAll(/\W+/g, "-")}.yaml`);
        await writeFile(file, manifests.join("---\n"));
      });

      it("are what this version of Kubernetes knows (kubeconform -strict)", async () => {
        const location = `${folder}/schemas/{{.ResourceKind}}{{.KindSuffix}}.json`;
        const { exitCode, stdout } = await execa(
          judges.kubeconform,
          [
            "-strict",
            "-summary",
            "-output=json",
            `-kubernetes-version=${versions.kubernetes}`,
            `-schema-location=${location}`,
            file,
          ],
          { reject: false },
        );
        const { summary, resources } = JSON.parse(stdout) as {
          summary: { invalid: number; errors: number; skipped: number; valid: number };
          resources?: unknown[];
        };
        expect(summary, JSON.stringify(resources)).to.include({ invalid: 0, errors: 0, skipped: 0 });
        expect(summary.valid).to.be.greaterThan(14);
        expect(exitCode).to.equal(0);
      });

      it("have no critical finding (kube-score)", async () => {
        const args = [
          "score",
          "--output-format=json",
          ...Object.keys(ignored).map((check) => `--ignore-test=${check}`),
          file,
        ];
        const { stdout } = await execa(judges.kubeScore, args, { reject: false });
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
            .map(
              ({ check, comments }) =>
                `${object}: ${check.id}: ${(comments ?? []).map(({ path, summary }) => `${path} ${summary}`).join("; ")}`,
            ),
        );
        expect(objects).to.have.length.of.at.least(10);
        expect(critical).to.deep.equal([]);
      });
    });
  }
});
