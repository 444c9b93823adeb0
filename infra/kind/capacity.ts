import { bytesOf, coresOf } from "../../config/check-service-values.ts";
import type { KindClusterConfig } from "../../config/cluster-config.ts";
import type { Problem } from "../../config/config-error.ts";
import { type LinkWay, planLink } from "../../config/link-plan.ts";
import { initialReplicas } from "../../config/replicas.ts";
import type { Amounts, ServiceConfig } from "../../config/service-config.ts";
import type { PeerConfig } from "../../config/stack-config.ts";
import { workloadOf } from "../../config/workload.ts";
import { ingressControllerReplicas, podRequests, proxyReplicas } from "../manifest/pod-requests.ts";
import { podsPerNode } from "./cluster-spec.ts";

/** The machine that the Docker engine runs on. Every kind node believes that it has all of it. */
export interface Machine {
  cpus: number;
  memoryBytes: number;
}

/** The part of a stack's configuration that decides what it asks of the machine. */
export interface CapacityInputs {
  cluster: Pick<KindClusterConfig, "workers">;
  services: readonly ServiceConfig[];
  peers: readonly Pick<PeerConfig, "url" | "via" | "localStack">[];
}

/** Sums of what pods ask for. */
interface Demand {
  cpuMilli: number;
  memoryMi: number;
  pods: number;
}

/**
 * What kind runs itself. In the control plane: API server 250m, controllers 200m, scheduler 100m, etcd 100m and 100Mi, two
 * CoreDNS of 100m and 70Mi each, the local-path provisioner. On every node: kube-proxy, and the network's pod with 100m
 * and 50Mi at most.
 */
const ownOfControlPlane: Demand = { cpuMilli: 850, memoryMi: 240, pods: 7 };
const ownOfEveryNode: Demand = { cpuMilli: 100, memoryMi: 50, pods: 2 };

/**
 * The memory that a worker really takes once it is idle: containerd, kubelet and its two pods. The nodes' requests add up
 * to more than there is, since each node counts the machine's memory as its own.
 */
const workerMemoryMi = 250;

/** What the control plane really takes once it is idle. */
const controlPlaneMemoryMi = 700;

/**
 * Finds what of a stack could not be scheduled, with one pod more than it has, for roll-outs.
 *
 * @param exposedUrlOf the exposed URL that another stack's file names. @default none does
 */
export function capacityProblems(
  { cluster, services, peers }: CapacityInputs,
  machine: Machine,
  exposedUrlOf: (stack: string) => string | undefined = () => undefined,
): Problem[] {
  const nodes = 1 + cluster.workers;
  const machineMi = Math.floor(machine.memoryBytes / 2 ** 20);
  const nodesMi = controlPlaneMemoryMi + cluster.workers * workerMemoryMi;
  if (cluster.workers > 0 && nodesMi > machineMi) {
    const need = `${nodes} nodes take about ${gibibytes(nodesMi)} of memory by themselves`;
    const most = Math.max(0, Math.floor((machineMi - controlPlaneMemoryMi) / workerMemoryMi));
    const message = `${need}, and the Docker engine has ${gibibytes(machineMi)}: write at most ${most}`;
    return [{ at: ["cluster", "workers"], message }];
  }

  const serviceReplicas = services.reduce((sum, { replicas }) => sum + initialReplicas(replicas), 0);
  const proxies = peers.filter((peer) => wayOf(peer, exposedUrlOf) === "proxy").length;
  const all = sumOf([
    ownOfControlPlane,
    times(ownOfEveryNode, nodes),
    podsOf(podRequests.ingressController, ingressControllerReplicas),
    ...services.map((service) => podsOf(requestsOf(service), initialReplicas(service.replicas))),
    podsOf(podRequests.proxy, proxies * proxyReplicas),
  ]);
  const single = [podRequests.ingressController, ...services.map(requestsOf)].map((requests) => podsOf(requests, 1));
  const need = sumOf([all, single.reduce((a, b) => (a.cpuMilli >= b.cpuMilli ? a : b))]);
  const has = { cpuMilli: machine.cpus * 1000 * nodes, memoryMi: machineMi * nodes, pods: podsPerNode * nodes };

  const lacking = [
    need.cpuMilli > has.cpuMilli && `${cpus(need.cpuMilli)} CPUs of ${cpus(has.cpuMilli)}`,
    need.memoryMi > has.memoryMi && `${gibibytes(need.memoryMi)} of memory of ${gibibytes(has.memoryMi)}`,
    need.pods > has.pods && `${need.pods} pods of ${has.pods}`,
  ].filter((text) => text !== false);
  if (lacking.length === 0) return [];
  const own = sumOf([ownOfControlPlane, times(ownOfEveryNode, nodes)]);
  const what = [
    `${counted(services.length, "service")} with ${counted(serviceReplicas, "replica")}`,
    proxies > 0 ? counted(proxies, "proxy", "proxies") : "",
    `the ingress controller, one pod more for roll-outs, and the cluster's own ${own.pods} pods (${cpus(own.cpuMilli)} CPUs)`,
  ];
  const sum = `${what.filter(Boolean).join(", ")} need ${lacking.join(" and ")} that ${counted(nodes, "node")} can give`;
  return [{ at: ["services"], message: `${sum}: write fewer services or replicas, or more cluster.workers` }];
}

/** How an alias will be made, as far as files say; a stack's own cluster needs no proxy. */
function wayOf(
  { url, via, localStack }: CapacityInputs["peers"][number],
  exposedUrlOf: (stack: string) => string | undefined,
): LinkWay | undefined {
  if (via !== undefined) return via;
  const target = url ?? (localStack === undefined ? undefined : exposedUrlOf(localStack));
  return target === undefined ? undefined : planLink(target).way;
}

const requestsOf = (service: ServiceConfig): Amounts => workloadOf(service).resources.requests;

const podsOf = ({ cpu = "0", memory = "0" }: Amounts, pods: number): Demand =>
  times({ cpuMilli: Math.ceil(1000 * coresOf(cpu)), memoryMi: Math.ceil(bytesOf(memory) / 2 ** 20), pods: 1 }, pods);

const times = ({ cpuMilli, memoryMi, pods }: Demand, count: number): Demand => ({
  cpuMilli: cpuMilli * count,
  memoryMi: memoryMi * count,
  pods: pods * count,
});

const sumOf = (demands: readonly Demand[]): Demand =>
  demands.reduce((a, b) => ({
    cpuMilli: a.cpuMilli + b.cpuMilli,
    memoryMi: a.memoryMi + b.memoryMi,
    pods: a.pods + b.pods,
  }));

const cpus = (milli: number) => String(Number((milli / 1000).toFixed(3)));

const gibibytes = (mebibytes: number) => `${(mebibytes / 1024).toFixed(1)} GiB`;

const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
