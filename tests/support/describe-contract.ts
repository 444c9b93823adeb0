import { expect } from "chai";
import { ingressNamespace } from "../../config/cluster-config.ts";
import { nodeInImage } from "../../fleet/proof/call-from-pod.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { waitFor } from "../../host/wait.ts";
import { identityText } from "../../service/src/identity.ts";
import { answerToPod } from "./answer-to-pod.ts";
import { contract, type ContractService, type StackName } from "./contract.ts";
import { get, kubectl, list, selector, warningsOfRestriction } from "./kubectl.ts";

/**
 * Declares the tests of what the contract promises of a stack's cluster. They change nothing.
 *
 * @param at returns the cluster and the URL of its ingress; called in tests, when the cluster is up
 */
export function describeContract(stack: StackName, at: () => { cluster: KubectlTarget; endpoint: string }): void {
  const { namespaces, services } = contract[stack];
  const [first] = services;
  if (first === undefined) throw new Error(`the contract has no service for ${stack}`);
  const identity = ({ name }: ContractService) => identityText({ name, cluster: stack });
  // A pod that has just become ready is not known to every rule of the network at once.
  const expectAnswer = async (from: ContractService, url: string, body: string) =>
    waitFor(url, 20, async () => {
      expect(await answerToPod(at().cluster, from, url)).to.deep.equal({ status: 200, body });
    });

  describe(`the cluster of ${stack}`, function () {
    this.timeout(180_000);

    it(`the cluster of ${stack} has its namespaces, which enforce the restricted standard without a warning`, async () => {
      for (const namespace of [...namespaces, ingressNamespace]) {
        expect(await warningsOfRestriction(at().cluster, namespace)).to.equal("");
        const { metadata } = JSON.parse(await kubectl(at().cluster, ["get", "namespace", namespace, "-o", "json"])) as {
          metadata: { labels: Record<string, string> };
        };
        expect(metadata.labels["pod-security.kubernetes.io/enforce"]).to.equal("restricted");
      }
    });

    for (const service of services) {
      const { namespace, deployment, name } = service;
      const id = `${namespace}/${deployment}`;

      it(`deployment ${id} of ${stack} has two pods, both ready, and answers as ${name}`, async () => {
        const { spec, status } = await get(at().cluster, "deployment", namespace, deployment);
        expect(spec.replicas).to.equal(2);
        expect(status).to.include({ readyReplicas: 2, availableReplicas: 2, updatedReplicas: 2 });
        const { containers } = (
          spec.template as { spec: { containers: { image: string; env: { name: string; value: string }[] }[] } }
        ).spec;
        expect(containers[0]!.env).to.deep.include.members([
          { name: "NAME", value: name },
          { name: "CLUSTER", value: stack },
        ]);
        expect(containers[0]!.image).to.match(/@sha256:[0-9a-f]{64}$/);
      });

      it(`Service ${id} of ${stack} selects the deployment's pods, on ports 80 and 5000`, async () => {
        const { spec } = await get(at().cluster, "service", namespace, deployment);
        expect(
          (spec.ports as { port: number; targetPort: number }[]).map(({ port, targetPort }) => [port, targetPort]),
        ).to.deep.equal([
          [80, 5000],
          [5000, 5000],
        ]);
        const selected = selector(spec.selector as Record<string, string>);
        const pods = await list(at().cluster, "pods", namespace, selected, "--field-selector=status.phase=Running");
        expect(pods.filter(({ metadata }) => metadata.name.startsWith(`${deployment}-`)))
          .to.have.length(pods.length)
          .and.to.have.length.of.at.least(2);
      });

      it(`Service ${id} of ${stack} answers pods by its name and namespace, by its full name, and on port 5000`, async () => {
        const from = services.find((other) => other !== service) ?? service;
        await expectAnswer(from, `http://${deployment}.${namespace}/cluster`, identity(service));
        await expectAnswer(from, `http://${deployment}.${namespace}.svc.cluster.local/cluster`, identity(service));
        await expectAnswer(from, `http://${deployment}.${namespace}:5000/cluster`, identity(service));
      });
    }

    it(`the cluster of ${stack} has an Ingress only for the services that ask for one`, async () => {
      const { items } = JSON.parse(
        await kubectl(at().cluster, ["get", "ingress", "--all-namespaces", "-o", "json"]),
      ) as { items: { metadata: { name: string; namespace: string } }[] };
      expect(items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).to.deep.equal(
        services.filter(({ ingress }) => ingress).map((service) => `${service.namespace}/${service.deployment}`),
      );
    });

    it(`a pod of ${stack} resolves short names in its own namespace`, async () => {
      const neighbour = services.find((other) => other !== first && other.namespace === first.namespace) ?? first;
      await expectAnswer(first, `http://${neighbour.deployment}:5000/cluster`, identity(neighbour));
      await expectAnswer(first, `http://${neighbour.deployment}/cluster`, identity(neighbour));
    });

    it(`the resolv.conf of a pod of ${stack} searches the pod's own namespace first`, async () => {
      const script = "process.stdout.write(require('fs').readFileSync('/etc/resolv.conf','utf8'))";
      const command = [`deployment/${first.deployment}`, "--", nodeInImage, "-e", script];
      const text = await kubectl(at().cluster, ["exec", "--namespace", first.namespace, ...command]);
      expect(text).to.match(
        new RegExp(`^search ${first.namespace}\\.svc\\.cluster\\.local svc\\.cluster\\.local cluster\\.local`, "m"),
      );
    });

    it(`the ingress of ${stack} answers on the host`, async () => {
      await waitFor("the ingress", 20, async () => {
        const response = await fetch(`${at().endpoint}/cluster`, { signal: AbortSignal.timeout(5000) });
        expect([response.status, await response.text()]).to.deep.equal([200, identity(first)]);
      });
      const hello = await fetch(`${at().endpoint}/`, { signal: AbortSignal.timeout(5000) });
      expect([hello.status, await hello.text()]).to.deep.equal([200, "hello"]);
    });

    if (stack === "development") {
      it("pods of every namespace of development reach staging by an in-cluster name, and get its identity", async () => {
        const { spec } = await get(at().cluster, "service", "test-namespace", "cluster2-service1");
        expect(spec.type).to.equal("ExternalName");
        const body = "This is identity in cluster staging";
        for (const from of services) {
          await expectAnswer(from, "http://cluster2-service1.test-namespace.svc.cluster.local/cluster", body);
        }
        await expectAnswer(first, "http://cluster2-service1/cluster", body);
      });
    }
  });
}
