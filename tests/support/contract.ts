import { expect } from "chai";
import { waitFor } from "../../host/wait.ts";
import { parseIdentity } from "../../fleet/proof/expected-identity.ts";
import { type CallOptions, callFromPod } from "../../fleet/proof/call-from-pod.ts";
import { type Cluster, get, kubectl, list, printTrouble, warningsOfRestriction } from "./kubectl.ts";
import { setVariable } from "./environment-variable.ts";

/** A service as the contract's table has it. */
interface Row {
  namespace: string;
  deployment: string;
  name: string;
  ingress: boolean;
}

/** What stands where, by stack. */
export const contract: Record<"staging" | "development", Row[]> = {
  staging: [
    { namespace: "test-namespace", deployment: "identity", name: "identity", ingress: true },
    {
      namespace: "test-namespace",
      deployment: "identity-different-cluster",
      name: "identity-different-cluster",
      ingress: false,
    },
  ],
  development: [
    { namespace: "test-namespace", deployment: "identity", name: "identity", ingress: true },
    { namespace: "test-namespace", deployment: "identity-internal", name: "internal", ingress: false },
    { namespace: "service2", deployment: "identity-different-namespace", name: "service2", ingress: false },
  ],
};

/** The body of an answer to a pod's call, with its status. */
export async function answerToPod(
  cluster: Cluster,
  namespace: string,
  deployment: string,
  url: string,
  options: CallOptions = {},
): Promise<{ status: number; body: string }> {
  const { answers } = await inKubeconfig(cluster, () =>
    callFromPod({ context: cluster.context, namespace, deployment }, url, options),
  );
  const [answer] = answers;
  if (answer === undefined || "error" in answer) throw new Error(`${url}: ${answer?.message ?? "no answer"}`);
  return { status: answer.status, body: answer.body };
}

/** The product's own code reads the user's kubeconfig; a throwaway cluster is in another. */
async function inKubeconfig<T>({ kubeconfig }: Cluster, work: () => Promise<T>): Promise<T> {
  const restore = kubeconfig === undefined ? undefined : setVariable("KUBECONFIG", kubeconfig);
  try {
    return await work();
  } finally {
    restore?.();
  }
}

/** Prints the clusters' events and last lines after each test that failed. */
export function explainFailures(clusters: () => Cluster[]): void {
  afterEach(async function () {
    if (this.currentTest?.state === "failed") for (const cluster of clusters()) await printTrouble(cluster);
  });
}

/**
 * What the contract promises of a stack's cluster; reads only.
 *
 * @param at the cluster, and where its ingress answers; called once the cluster is up
 */
export function describeContract(
  stack: "staging" | "development",
  at: () => { cluster: Cluster; endpoint: string },
): void {
  const rows = contract[stack];
  const [first] = rows;
  if (first === undefined) throw new Error(`the contract has no service for ${stack}`);
  const identity = (row: Row) => `This is ${row.name} in cluster ${stack}`;
  // A pod that has just become ready is not known to every rule of the network at once.
  const eventually = async (from: Row, url: string, body: string) =>
    waitFor(url, 20, async () => {
      expect(await answerToPod(at().cluster, from.namespace, from.deployment, url)).to.deep.equal({
        status: 200,
        body,
      });
    });

  describe(`${stack}: what stands in the cluster`, function () {
    this.timeout(180_000);

    it("has the namespaces, each enforcing the restricted Pod Security Standard without a warning", async () => {
      for (const namespace of new Set([...rows.map((row) => row.namespace), "skipper-ingress"])) {
        expect(await warningsOfRestriction(at().cluster, namespace)).to.equal("");
        const { metadata } = JSON.parse(await kubectl(at().cluster, "get", "namespace", namespace, "-o", "json")) as {
          metadata: { labels: Record<string, string> };
        };
        expect(metadata.labels["pod-security.kubernetes.io/enforce"]).to.equal("restricted");
      }
    });

    for (const row of rows) {
      const { namespace, deployment } = row;
      it(`runs ${namespace}/${deployment} twice, all ready, as ${row.name}`, async () => {
        const { spec, status } = await get(at().cluster, "deployment", namespace, deployment);
        expect(spec.replicas).to.equal(2);
        expect(status).to.include({ readyReplicas: 2, availableReplicas: 2, updatedReplicas: 2 });
        const { containers } = (
          spec.template as { spec: { containers: { image: string; env: { name: string; value: string }[] }[] } }
        ).spec;
        expect(containers[0]!.env).to.deep.include.members([
          { name: "NAME", value: row.name },
          { name: "CLUSTER", value: stack },
        ]);
        expect(containers[0]!.image).to.match(/@sha256:[0-9a-f]{64}$/);
      });

      it(`has a Service ${namespace}/${deployment} that selects these two pods, on ports 80 and 5000`, async () => {
        const { spec } = await get(at().cluster, "service", namespace, deployment);
        expect(
          (spec.ports as { port: number; targetPort: number }[]).map(({ port, targetPort }) => [port, targetPort]),
        ).to.deep.equal([
          [80, 5000],
          [5000, 5000],
        ]);
        const selector = Object.entries(spec.selector as Record<string, string>)
          .map((pair) => pair.join("="))
          .join(",");
        const pods = await list(
          at().cluster,
          "pods",
          namespace,
          `--selector=${selector}`,
          "--field-selector=status.phase=Running",
        );
        expect(pods.filter(({ metadata }) => metadata.name.startsWith(`${deployment}-`)))
          .to.have.length(pods.length)
          .and.to.have.length.of.at.least(2);
      });

      it(`is called as ${namespace}/${deployment} from inside: by name and namespace, by its full name, on port 5000`, async () => {
        const from = rows.find((other) => other !== row) ?? row;
        await eventually(from, `http://${deployment}.${namespace}/cluster`, identity(row));
        await eventually(from, `http://${deployment}.${namespace}.svc.cluster.local/cluster`, identity(row));
        await eventually(from, `http://${deployment}.${namespace}:5000/cluster`, identity(row));
      });
    }

    it("has an Ingress only where it is asked for", async () => {
      const items = (
        JSON.parse(await kubectl(at().cluster, "get", "ingress", "--all-namespaces", "-o", "json")) as {
          items: { metadata: { name: string; namespace: string } }[];
        }
      ).items;
      expect(items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).to.deep.equal(
        rows.filter(({ ingress }) => ingress).map((row) => `${row.namespace}/${row.deployment}`),
      );
    });

    it("resolves short names in the caller's own namespace", async () => {
      const neighbour = rows.find((row) => row !== first && row.namespace === first.namespace) ?? first;
      await eventually(first, `http://${neighbour.deployment}:5000/cluster`, identity(neighbour));
      await eventually(first, `http://${neighbour.deployment}/cluster`, identity(neighbour));
    });

    it("lets a pod's resolv.conf search its own namespace first", async () => {
      const read = "process.stdout.write(require('fs').readFileSync('/etc/resolv.conf','utf8'))";
      const text = await kubectl(
        at().cluster,
        "exec",
        "--namespace",
        first.namespace,
        `deployment/${first.deployment}`,
        "--",
        "/nodejs/bin/node",
        "-e",
        read,
      );
      expect(text).to.match(
        new RegExp(`^search ${first.namespace}\\.svc\\.cluster\\.local svc\\.cluster\\.local cluster\\.local`, "m"),
      );
    });

    it("serves the ingress to the host", async () => {
      await waitFor("the ingress", 20, async () => {
        const response = await fetch(`${at().endpoint}/cluster`, { signal: AbortSignal.timeout(5000) });
        expect([response.status, await response.text()]).to.deep.equal([200, identity(first)]);
      });
      const hello = await fetch(`${at().endpoint}/`, { signal: AbortSignal.timeout(5000) });
      expect([hello.status, await hello.text()]).to.deep.equal([200, "hello"]);
    });

    if (stack === "development") {
      it("reaches the other cluster by an in-cluster name, from every namespace, and gets that cluster's identity", async () => {
        const { spec } = await get(at().cluster, "service", "test-namespace", "cluster2-service1");
        expect(spec.type).to.equal("ExternalName");
        for (const from of rows)
          await eventually(
            from,
            "http://cluster2-service1.test-namespace.svc.cluster.local/cluster",
            "This is identity in cluster staging",
          );
        await eventually(first, "http://cluster2-service1/cluster", "This is identity in cluster staging");
      });
    }
  });
}

/** Whose cluster answers at an endpoint. */
export async function stackAt(endpoint: string): Promise<string | undefined> {
  const response = await fetch(`${endpoint}/cluster`, { signal: AbortSignal.timeout(10_000) });
  return parseIdentity(await response.text())?.cluster;
}
