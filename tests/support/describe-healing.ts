import { expect } from "chai";
import { stringify } from "yaml";
import { ingressNamespace } from "../../config/cluster-config.ts";
import { stackFileName } from "../../config/stack-name.ts";
import { docker } from "../../host/docker.ts";
import { waitFor } from "../../host/wait.ts";
import { registryName } from "../../infra/registry/registry-address.ts";
import { get, kubectl } from "./kubectl.ts";
import type { ThrowawayProject } from "./throwaway-project.ts";

const namespace = "test-namespace";

/** Changes by hand, as arguments of kubectl, and what the commands say of them. */
const changes: { args: string[]; says: string }[] = [
  {
    args: ["scale", "deployment/identity", "--replicas=3"],
    says: `Deployment ${namespace}/identity was changed (spec.replicas: 2 → 3`,
  },
  {
    args: ["set", "env", "deployment/identity-different-cluster", "NAME=other", "EXTRA=1"],
    says: "env[EXTRA]: nothing → ",
  },
  {
    args: patch("service/identity", { op: "replace", path: "/spec/ports/0/port", value: 8080 }),
    says: `Service ${namespace}/identity was changed (spec.ports[http].port: 80 → 8080)`,
  },
  {
    args: patch("ingress/identity", { op: "replace", path: "/spec/rules/0/http/paths/0/path", value: "/hidden" }),
    says: 'spec.rules[0].http.paths[0].path: "/" → "/hidden"',
  },
  {
    args: patch("networkpolicy/allow-services", { op: "add", path: "/spec/ingress/-", value: {} }),
    says: `NetworkPolicy ${namespace}/allow-services was changed (spec.ingress[1]: nothing → {})`,
  },
  {
    args: patch("networkpolicy/deny-by-default", { op: "add", path: "/spec/ingress", value: [{}] }),
    says: "spec.ingress: nothing → [ {} ]",
  },
  {
    args: ["label", "namespace", namespace, "app.kubernetes.io/part-of-"],
    says: 'metadata.labels["app.kubernetes.io/part-of"]: "fleet" → nothing',
  },
  {
    args: ["delete", "poddisruptionbudget/identity"],
    says: `PodDisruptionBudget ${namespace}/identity was deleted`,
  },
];

function patch(what: string, ...steps: object[]): string[] {
  return ["patch", what, "--type=json", `--patch=${JSON.stringify(steps)}`];
}

/**
 * Declares the tests of what `npm run up` does about what was changed or deleted by hand.
 *
 * @param stack one that is up, with the services of `Pulumi.staging.yaml`
 */
export function describeHealing(stack: string, projectOf: () => ThrowawayProject): void {
  describe("which was changed by hand", () => {
    const inCluster = (...args: string[]) =>
      kubectl(projectOf().cluster(stack), ["--namespace", namespace, ...args], { deadlineSeconds: 120 });
    const replicas = async (name: string) =>
      (await get(projectOf().cluster(stack), "deployment", namespace, name)).spec.replicas;
    const answer = async () =>
      (await fetch(`${projectOf().endpoint(stack)}/cluster`, { signal: AbortSignal.timeout(5000) })).text();
    const expectAnswer = () =>
      waitFor("the ingress", 60, async () => expect(await answer()).to.equal(`This is identity in cluster ${stack}`));

    it("npm run preview and up --no-heal say what was changed by hand, and leave it as it is", async () => {
      for (const { args } of changes) await inCluster(...args);
      const preview = await projectOf().succeed("preview", stack);
      for (const { says } of changes) expect(preview.all).to.contain(says);
      expect(preview.all).to.contain("up sets it back").and.to.contain("up brings it back");

      // The ingress leads nowhere, so that the proof fails.
      const { status, all } = await projectOf().run("up", stack, "--no-heal");
      expect(status).to.equal(1);
      for (const { says } of changes) expect(all).to.contain(says);
      expect(all).to.contain("left as it is");
      expect(await replicas("identity")).to.equal(3);
    });

    it("npm run up sets back what was changed by hand, and finds nothing the next time", async () => {
      const { all } = await projectOf().succeed("up", stack);
      for (const { says } of changes) expect(all).to.contain(says);
      expect(await replicas("identity")).to.equal(2);
      const env = ["get", "deployment/identity-different-cluster", "--output=jsonpath={..env[*].name}"];
      expect(await inCluster(...env)).to.equal("PORT NAME CLUSTER");
      const rules = ["get", "networkpolicy/deny-by-default", "--output=jsonpath={.spec.ingress}"];
      expect(await inCluster(...rules)).to.equal("");
      await expectAnswer();
      const preview = await projectOf().succeed("preview", stack);
      expect(preview.all).not.to.match(/was (changed|deleted|made anew)/);
    });

    it("npm run up brings back a namespace, the ingress controller and the registry with its images", async () => {
      // Not waited for: up does.
      await inCluster("delete", "namespace", namespace, ingressNamespace, "--wait=false");
      await docker(["rm", "--force", "--volumes", registryName(projectOf().clusterName(stack))]);
      const { all } = await projectOf().succeed("up", stack);
      expect(all)
        .to.contain(`Namespace ${namespace} was deleted, and with it`)
        .and.to.contain(`Namespace ${ingressNamespace} was deleted, and with it`);
      await expectAnswer();
      // A node that has no image yet can pull it.
      const image = await inCluster("get", "deployment/identity", "--output=jsonpath={..image}");
      const pull = ["ctr", "--namespace=k8s.io", "images", "pull", "--hosts-dir=/etc/containerd/certs.d", image];
      await docker(["exec", projectOf().node(stack), ...pull]);
    });

    it("npm run up leaves the pods' number of an autoscaled service to others, from the first time on", async () => {
      const file = await projectOf().readStackFile(stack);
      const services = file.config["identity:services"] as Record<string, unknown>[];
      const change = async (...settings: object[]) => {
        const config = {
          ...file.config,
          "identity:services": services.map((service, index) => ({ ...service, ...settings[index] })),
        };
        await projectOf().write(stackFileName(stack), stringify({ ...file, config }));
      };
      await inCluster("scale", "deployment/identity-different-cluster", "--replicas=3");
      await change({}, { replicas: "autoscaled" });
      const first = await projectOf().succeed("up", stack);
      expect(first.all).not.to.contain("was changed");
      expect(await replicas("identity-different-cluster")).to.equal(3);

      await change();
      await projectOf().succeed("up", stack);
      expect(await replicas("identity-different-cluster")).to.equal(2);
    });
  });
}
