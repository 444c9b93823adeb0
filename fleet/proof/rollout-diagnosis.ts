import { z } from "zod";
import { tryDocker } from "../../host/docker.ts";
import { kubectl, type KubectlTarget } from "../../host/kubectl.ts";
import { strangersText } from "../../host/strangers-text.ts";
import { printable } from "./printable.ts";

const waiting = z.object({ reason: z.string(), message: z.string().optional() });
const terminated = z.object({ reason: z.string().optional(), exitCode: z.number(), message: z.string().optional() });
const state = z.object({ waiting: waiting.optional(), terminated: terminated.optional() });

const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), creationTimestamp: z.string() }),
      spec: z.object({
        nodeName: z.string().optional(),
        containers: z.array(
          z.object({
            name: z.string(),
            ports: z.array(z.object({ containerPort: z.number(), protocol: z.string().optional() })).optional(),
          }),
        ),
      }),
      status: z.object({
        conditions: z
          .array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() }))
          .optional(),
        containerStatuses: z
          .array(
            z.object({
              ready: z.boolean(),
              restartCount: z.number(),
              containerID: z.string().optional(),
              state: state.optional(),
              lastState: state.optional(),
            }),
          )
          .optional(),
      }),
    }),
  ),
});

type Pod = z.infer<typeof podList>["items"][number];

/** What was found out about a pod that is not ready. */
export interface PodFindings {
  pod: Pod;
  /** The last lines that its container wrote. */
  log: string;
  /** The TCP ports that listen in it; undefined: that can't be seen. */
  listening?: readonly number[];
  /** What the node said of the last probe that failed. @default it said nothing */
  failedProbe?: string;
  /** What the node said last of what keeps it from starting the containers. @default it said nothing */
  obstacle?: string;
}

const eventList = z.object({
  items: z.array(
    z.object({ reason: z.string().optional(), message: z.string().optional(), lastTimestamp: z.string().nullish() }),
  ),
});

/** How many characters of a node's message are shown: the reason is at the end. */
const shownOfObstacle = 600;

/** How many lines of a log are shown. */
const shownLines = 10;

/** A service whose pods may have failed. */
export interface DiagnosedService {
  name: string;
  namespace: string;
}

/**
 * Explains why services' newest pods are not ready, in words for people: one paragraph for each service that has such a
 * pod. Empty when all are ready, or nothing can be seen.
 */
export async function diagnoseRollouts(
  target: KubectlTarget,
  services: readonly DiagnosedService[],
): Promise<string[]> {
  const found = await Promise.all(services.map((service) => diagnoseService(target, service).catch(() => undefined)));
  return found.filter((text) => text !== undefined);
}

async function diagnoseService(
  target: KubectlTarget,
  { name, namespace }: DiagnosedService,
): Promise<string | undefined> {
  const selector = `--selector=app.kubernetes.io/name=${name}`;
  const args = ["--namespace", namespace, "get", "pods", selector, "--output=json"];
  const { items } = podList.parse(JSON.parse(await kubectl(target, args)));
  const newest = items.toSorted((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1));
  const pod = newest.find(({ status }) => status.containerStatuses?.every(({ ready }) => ready) !== true);
  if (pod === undefined) return undefined;
  const [log, listening, warnings] = await Promise.all([
    logOf(target, namespace, pod),
    listeningPorts(pod),
    lastWarnings(target, namespace, pod),
  ]);
  return `${namespace}/${name}: ${explainPod({ pod, log, listening, ...warnings })}`;
}

async function lastWarnings(
  target: KubectlTarget,
  namespace: string,
  { metadata }: Pod,
): Promise<Pick<PodFindings, "failedProbe" | "obstacle">> {
  const selector = `--field-selector=type=Warning,involvedObject.name=${metadata.name}`;
  const text = await kubectl(target, ["--namespace", namespace, "get", "events", selector, "--output=json"]).catch(
    () => '{"items":[]}',
  );
  const timeOf = ({ lastTimestamp }: { lastTimestamp?: string | null }) => lastTimestamp ?? "";
  const items = eventList.parse(JSON.parse(text)).items.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1));
  const isObstacle = ({ reason }: { reason?: string }) => reason !== "Unhealthy" && reason !== "FailedScheduling";
  return {
    failedProbe: items.findLast(({ reason }) => reason === "Unhealthy")?.message,
    obstacle: items.findLast(isObstacle)?.message,
  };
}

/** Why a pod is not ready, what to do, and its last lines. */
export function explainPod({ pod, log, ...seen }: PodFindings): string {
  const lines = printable(log)
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .slice(-shownLines);
  const shown =
    lines.length === 0 ? "it wrote nothing" : `its last lines:\n${lines.map((line) => `    ${line}`).join("\n")}`;
  return `${reasonOf(pod, seen)}; ${shown}`;
}

function reasonOf(pod: Pod, { listening, failedProbe, obstacle }: Omit<PodFindings, "pod" | "log">): string {
  const { name } = pod.metadata;
  const [status] = pod.status.containerStatuses ?? [];
  if (status === undefined) {
    const scheduled = pod.status.conditions?.find(({ type }) => type === "PodScheduled");
    const why = scheduled?.status === "False" ? `: ${scheduled.message ?? ""}` : "";
    return `the pod ${name} waits for a node${why}`;
  }
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  const held = status.state?.waiting;
  if (ended?.reason === "OOMKilled") return `the pod ${name} used more memory than its limit: raise resources.memory`;
  if (held?.reason === "CrashLoopBackOff" || status.state?.terminated !== undefined) {
    return `the pod ${name} ends again and again (exit status ${ended?.exitCode ?? "unknown"}, ${status.restartCount} restarts)`;
  }
  if (held?.reason === "ContainerCreating" || held?.reason === "PodInitializing") {
    const why = obstacle === undefined ? "" : `: ${strangersText(obstacle, shownOfObstacle)}`;
    return `the pod ${name} has not started${why}`;
  }
  if (held !== undefined) {
    return `the pod ${name} can't start: ${held.reason}: ${remedyOf(held.message ?? "")}`;
  }
  const hint = portHint(pod, listening);
  // Where nothing listens, the node's words say less.
  const words = hint === "" && failedProbe !== undefined ? ` (${printable(failedProbe)}): see its probes` : hint;
  return `the pod ${name} runs, and its probes do not pass${words}`;
}

/** A node's message, with what to do where that is known. */
function remedyOf(message: string): string {
  if (/runAsNonRoot/.test(message)) return `${message} (write "runAsUser: …" or "security: baseline")`;
  if (/x509:/.test(message)) return `${message} (the node does not know the authority of the registry's certificate)`;
  if (/HTTP response to HTTPS client/.test(message)) return `${message} (the node pulls by plain HTTP only if told to)`;
  if (/unauthorized|no basic auth credentials|pull access denied|403 Forbidden/i.test(message))
    return `${message} (the node has no login there: write pullSecret, or user and password, into cluster.registry)`;
  if (/not found|pull|manifest unknown/i.test(message))
    return `${message} (is the image's name right, and can the node pull it?)`;
  return message;
}

/** Which of the ports nothing listens on, and which ones something does. */
function portHint(pod: Pod, listening: readonly number[] | undefined): string {
  if (listening === undefined) return "";
  const wanted = pod.spec.containers.flatMap(({ ports = [] }) =>
    ports.filter(({ protocol = "TCP" }) => protocol === "TCP").map(({ containerPort }) => containerPort),
  );
  const missing = wanted.filter((port) => !listening.includes(port));
  if (missing.length === 0) return "";
  const other = listening.length === 0 ? "on no port at all" : `on ${listening.join(", ")}`;
  return `: nothing listens on port ${missing.join(", ")}, and the container listens ${other}: write that as its port`;
}

async function logOf(target: KubectlTarget, namespace: string, { metadata, status }: Pod): Promise<string> {
  const ended = (status.containerStatuses?.[0]?.restartCount ?? 0) > 0;
  const args = ["--namespace", namespace, "logs", metadata.name, `--tail=${shownLines}`, "--limit-bytes=20000"];
  return kubectl(target, ended ? [...args, "--previous"] : args).catch(() => "");
}

/** Looks into the container's network from its node, which is a container of the engine. */
async function listeningPorts({ spec, status }: Pod): Promise<number[] | undefined> {
  const id = status.containerStatuses?.[0]?.containerID?.replace(/^containerd:\/\//, "");
  if (id === undefined || spec.nodeName === undefined) return undefined;
  const inNode = (...command: string[]) => tryDocker(["exec", spec.nodeName ?? "", ...command]);
  const task = await inNode("ctr", "--namespace", "k8s.io", "tasks", "list");
  const pid = task.stdout
    .split("\n")
    .map((line) => line.split(/\s+/))
    .find(([task]) => task === id)?.[1];
  if (task.error !== undefined || pid === undefined) return undefined;
  const tables = await Promise.all(["tcp", "tcp6"].map((table) => inNode("cat", `/proc/${pid}/net/${table}`)));
  return tables[0]?.error === undefined ? listeningIn(tables.map(({ stdout }) => stdout).join("\n")) : undefined;
}

/** The ports in state LISTEN (0A) in what the kernel's `/proc/net/tcp` has. */
export function listeningIn(table: string): number[] {
  const ports = table.split("\n").flatMap((line) => {
    const port = /^\s*\d+:\s+[0-9A-F]+:([0-9A-F]{4})\s+\S+\s+0A\s/.exec(line)?.[1];
    return port === undefined ? [] : Number.parseInt(port, 16);
  });
  return [...new Set(ports)].sort((a, b) => a - b);
}
