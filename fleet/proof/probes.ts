import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "../../host/command.ts";
import { kubectl, type KubectlTarget, tryKubectl } from "../../host/kubectl.ts";
import { strangersText } from "../../host/strangers-text.ts";
import type { ServiceOutput, StackOutputs } from "../../stacks/outputs.ts";
import { targetOf } from "../state/cluster-target.ts";
import { UserError } from "../user-error.ts";
import type { Caller } from "./call-from-pod.ts";
import {
  type Labels,
  type LabelSelector,
  type PodSelectors,
  type PodStatus,
  probeJob,
  probePlace,
  probeState,
} from "./probe-job.ts";

/** How long a probe's pod may take to run: its node may have to pull the image. */
const startDeadlineSeconds = 90;

/**
 * How long a probe waits before its first call. Nodes learn of a new pod's policies only after it has started, and until
 * then some networks let it call anything.
 */
const policiesSeconds = 2;

/** The pods that call in the stead of services whose own images have no Node, each for as long as a command runs. */
export class Probes {
  private readonly started = new Map<string, Promise<Caller>>();

  /**
   * The caller that stands for a service: one of its own pods where they have Node, or else a probe under the same
   * NetworkPolicies, which is started the first time.
   *
   * @throws UserError when no probe comes to run
   */
  callerFor(outputs: StackOutputs, service: ServiceOutput): Promise<Caller> {
    const { name: deployment, namespace } = service;
    const own = { ...targetOf(outputs), namespace, deployment };
    // The identity service's image has Node.
    if (service.image === undefined) return Promise.resolve(own);
    const key = `${own.kubeconfig} ${own.context} ${namespace}/${deployment}`;
    const caller = this.started.get(key) ?? startProbe(own, outputs.image);
    this.started.set(key, caller);
    return caller;
  }

  /** Removes all probes, without waiting for their ends. */
  async remove(): Promise<void> {
    const removals = [...this.started.values()].map(async (starting) => {
      const caller = await starting.catch(() => undefined);
      if (caller?.probe !== undefined) await removeProbe(caller, caller.probe);
    });
    await Promise.all(removals);
  }
}

/** Does some work with probes, and removes them, even if the work fails. */
export async function withProbes<T>(work: (probes: Probes) => Promise<T>): Promise<T> {
  const probes = new Probes();
  try {
    return await work(probes);
  } finally {
    await probes.remove();
  }
}

/** Starts a probe. @param image one with Node: the stack's own, which its registry has */
async function startProbe(caller: Caller, image: string): Promise<Caller> {
  const { namespace, deployment, context } = caller;
  const name = `probe-${deployment.slice(0, 40).replace(/-+$/, "")}-${randomBytes(4).toString("hex")}`;
  const refuse = (why: string) =>
    new UserError(`Can't call in the stead of ${namespace}/${deployment} in ${context}: ${why}`);
  if (image === "") throw refuse("its own image may have no Node, and the stack has built none that has");
  try {
    const place = probePlace(...(await surroundingsOf(caller)));
    const job = probeJob({ name, namespace, service: deployment, image, place });
    await kubectl(caller, ["create", "--filename=-"], { input: JSON.stringify(job) });
    await untilRunning(caller, name);
    await sleep(policiesSeconds * 1000);
    return { ...caller, probe: name };
  } catch (error) {
    await removeProbe(caller, name);
    if (error instanceof CommandError) throw refuse(strangersText(error.timedOut ? error.summary : error.stderr));
    if (error instanceof ProbeError) throw refuse(error.message);
    throw error;
  }
}

class ProbeError extends Error {
  override readonly name = "ProbeError";
}

interface Listed {
  kind: string;
  metadata: { name: string };
  spec: {
    selector?: Labels;
    template?: { metadata: { labels: Labels } };
    podSelector?: LabelSelector;
    ingress?: { from?: { podSelector?: LabelSelector }[] }[];
  };
}

/** The labels of a Deployment's pods, and what selects pods in its namespace. */
async function surroundingsOf(caller: Caller): Promise<[labels: Labels, selectors: PodSelectors]> {
  const { namespace, deployment } = caller;
  const args = ["--namespace", namespace, "get", "deployments,services,networkpolicies", "--output=json"];
  const { items } = JSON.parse(await kubectl(caller, args)) as { items: Listed[] };
  const found = items.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === deployment);
  const labels = found?.spec.template?.metadata.labels;
  if (labels === undefined) throw new ProbeError(`there is no deployment ${namespace}/${deployment}`);
  const services = items.flatMap(({ kind, spec }) =>
    kind === "Service" && spec.selector !== undefined ? [spec.selector] : [],
  );
  const policies = items
    .filter(({ kind }) => kind === "NetworkPolicy")
    .flatMap(({ spec }) => [
      spec.podSelector ?? {},
      ...(spec.ingress ?? []).flatMap(({ from = [] }) => from.map(({ podSelector }) => podSelector ?? {})),
    ]);
  return [labels, { services, policies }];
}

async function untilRunning(caller: Caller, job: string): Promise<void> {
  const args = ["--namespace", caller.namespace, "get", "pods", `--selector=job-name=${job}`, "--output=json"];
  const deadline = Date.now() + startDeadlineSeconds * 1000;
  for (;;) {
    const { items } = JSON.parse(await kubectl(caller, args)) as { items: { status: PodStatus }[] };
    const state = probeState(items[0]?.status ?? {});
    if (state === "running") return;
    const why = `its probe does not run: ${strangersText(state.why)}`;
    if (!state.wait) throw new ProbeError(why);
    if (Date.now() > deadline) throw new ProbeError(`${why}, not within ${startDeadlineSeconds} s`);
    await sleep(300);
  }
}

/** Kubernetes removes one by itself where this fails. */
async function removeProbe(target: KubectlTarget & { namespace: string }, job: string): Promise<void> {
  const args = ["--namespace", target.namespace, "delete", "job", job, "--ignore-not-found", "--wait=false"];
  await tryKubectl(target, args, { deadlineSeconds: 10 });
}
