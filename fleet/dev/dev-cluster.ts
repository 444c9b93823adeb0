import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KubernetesApi, KubernetesApiError, type WatchEvent } from "../../host/kubernetes-api.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { endDevMode, listDeployments, nameOf, patchDeployment, serviceQuery } from "./deployments.ts";
import { enterDevMode, hasSupervisor, isInDevMode } from "./dev-mode.ts";
import { type Delivery, judge, type PodState, type Wanted } from "./delivery.ts";
import { isStaying, type Pod, runningContainer, serviceOf } from "./pod.ts";
import { PodLink } from "./pod-link.ts";
import type { Source } from "./source.ts";

/** How often a cluster is asked whether it is there, and how long it may take to answer. */
const heartbeatMilliseconds = 2_000;
const answerMilliseconds = 4_000;

/** Seconds that pods may take to serve new code, a new image, and whatever it is after their cluster came back. */
const deadlines = { code: 30, image: 90, back: 180 };

const supervisor = await readFile(join(import.meta.dirname, "in-pod", "supervisor.cjs"), "utf8");

/** Who is told what happens in a cluster. */
export interface ClusterListener {
  /** A line of a service's log. */
  onLine: (service: string, line: string) => void;
  /** The cluster was connected to, and its pods serve what was wanted, or don't. */
  onConnected: (source: Source, delivery: Delivery) => void;
  onMessage: (text: string) => void;
}

/**
 * One cluster of `npm run dev`: keeps connections to all pods of the stack's services while it can be reached, and brings
 * to them what was built.
 */
export class DevCluster {
  readonly stack: string;
  private readonly target: KubectlTarget;
  private readonly sources: ReadonlyMap<string, Source>;
  private readonly listener: ClusterListener;
  private readonly wanted = new Map<Source, Wanted>();
  private readonly pods = new Map<string, Pod>();
  /** By the pod's uid, each with the container's id. */
  private readonly links = new Map<string, { container: string; link: PodLink }>();
  /** Called whenever something about the pods became known. */
  private readonly watchers = new Set<() => void>();
  private api: KubernetesApi | undefined;

  /** @param sources what the stack's services run */
  constructor(stack: string, target: KubectlTarget, sources: readonly Source[], listener: ClusterListener) {
    this.stack = stack;
    this.target = target;
    this.sources = new Map(
      sources.flatMap((source) => (source.services.get(stack) ?? []).map((service) => [service, source])),
    );
    this.listener = listener;
  }

  /** Stays connected, as long as the cluster is there and again when it comes back, until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    let isAway = false;
    for (;;) {
      try {
        await this.connect(signal, () => {
          if (isAway) this.listener.onMessage(`${this.stack} is back`);
          isAway = false;
        });
      } catch (error) {
        if (!(error instanceof KubernetesApiError)) throw error;
        if (signal.aborted) return;
        if (!isAway) {
          this.listener.onMessage(
            `${this.stack} can't be reached; it gets the newest code when it is back: ${error.message}`,
          );
        }
        isAway = true;
      }
      if (signal.aborted) return;
      await sleep(1_000, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Brings new code, or a new image, to all pods of a source. Resolves when they serve it, or it is clear that not. */
  async deliver(source: Source, wanted: Wanted, signal: AbortSignal): Promise<Delivery> {
    const all = { ...this.wanted.get(source), ...wanted };
    this.wanted.set(source, all);
    if (this.api === undefined) return "away";
    try {
      if (wanted.image !== undefined || this.hasStrayPods(source)) await this.enter(this.api, source);
      if (wanted.code !== undefined) for (const link of this.linksOf(source)) link.send(wanted.code);
      return await this.served(source, wanted.image === undefined ? deadlines.code : deadlines.image, signal);
    } catch (error) {
      if (!(error instanceof KubernetesApiError)) throw error;
      return { failures: [{ pod: this.stack, reason: error.message }] };
    }
  }

  /**
   * Takes everything out of dev mode, and waits until the pods run images again.
   *
   * @param imageOf a source's newest image, by digest; undefined for the one that it had
   */
  async leave(imageOf: (source: Source) => string | undefined, signal: AbortSignal): Promise<Delivery> {
    if (this.api === undefined) return "away";
    const api = this.api;
    try {
      for (const deployment of (await listDeployments(api)).filter(isInDevMode)) {
        const source = this.sources.get(nameOf(deployment));
        // Another stack's, in a cluster that both use, is not this one's to end.
        if (source !== undefined) await endDevMode(api, deployment, imageOf(source));
      }
      this.wanted.clear();
      return await this.waitFor(
        () =>
          judge(
            this.statesOf(() => true),
            { plain: true },
          ),
        deadlines.image,
        signal,
      );
    } catch (error) {
      if (!(error instanceof KubernetesApiError)) throw error;
      return { failures: [{ pod: this.stack, reason: error.message }] };
    }
  }

  /** Connects, and resolves when the API server ended the watch. @throws KubernetesApiError when it is not there */
  private async connect(signal: AbortSignal, onThere: () => void): Promise<void> {
    const api = await KubernetesApi.open(this.target);
    const session = new AbortController();
    const both = AbortSignal.any([signal, session.signal]);
    try {
      if (!(await api.is("readyz", answerMilliseconds))) throw new KubernetesApiError("its API server is not ready");
      onThere();
      for (const source of new Set(this.sources.values())) await this.enter(api, source);
      this.api = api;
      await Promise.race([this.watchPods(api, both), this.beat(api, both)]);
    } finally {
      this.api = undefined;
      session.abort();
      for (const { link } of this.links.values()) link.close();
      this.links.clear();
      this.pods.clear();
      this.changed();
      await api.close();
    }
  }

  /** @throws KubernetesApiError when the API server does not answer twice in a row */
  private async beat(api: KubernetesApi, signal: AbortSignal): Promise<void> {
    let missed = 0;
    while (missed < 2) {
      await sleep(heartbeatMilliseconds, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      missed = (await api.is("livez", answerMilliseconds)) ? 0 : missed + 1;
    }
    throw new KubernetesApiError("its API server does not answer");
  }

  private async watchPods(api: KubernetesApi, signal: AbortSignal): Promise<void> {
    let listed = false;
    try {
      for await (const event of api.watch<Pod>(`/api/v1/pods?${serviceQuery}`, signal)) {
        if (event.type === "BOOKMARK") {
          listed = true;
          void this.reportConnection(signal);
        } else {
          this.take(api, event, listed);
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private async reportConnection(signal: AbortSignal): Promise<void> {
    for (const source of new Set(this.sources.values())) {
      this.listener.onConnected(source, await this.served(source, deadlines.back, signal));
    }
  }

  private take(api: KubernetesApi, { type, object: pod }: WatchEvent<Pod>, isNew: boolean): void {
    const { uid } = pod.metadata;
    const present = this.links.get(uid);
    const container = runningContainer(pod);
    if (type === "DELETED") {
      this.pods.delete(uid);
      present?.link.close();
      this.links.delete(uid);
    } else {
      this.pods.set(uid, pod);
      if (container !== undefined && present?.container !== container) {
        present?.link.close();
        this.links.set(uid, { container, link: this.open(api, pod, isNew) });
      }
    }
    this.changed();
  }

  private open(api: KubernetesApi, pod: Pod, isNew: boolean): PodLink {
    const service = serviceOf(pod);
    const link = new PodLink(api, pod, isNew, {
      onLine: (line) => this.listener.onLine(service, line),
      onChange: () => this.changed(),
    });
    const source = this.sources.get(service);
    const code = source && this.wanted.get(source)?.code;
    if (code !== undefined) link.send(code);
    return link;
  }

  /** Brings a source's Deployments into dev mode, with the image that is wanted. */
  private async enter(api: KubernetesApi, source: Source): Promise<void> {
    const shape = { swap: source.swap, supervisor, image: this.wanted.get(source)?.image };
    const own = (await listDeployments(api)).filter((deployment) => this.sources.get(nameOf(deployment)) === source);
    await Promise.all(own.map((deployment) => patchDeployment(api, deployment, enterDevMode(deployment, shape))));
  }

  /** True when another command rolled out pods that take no new code. */
  private hasStrayPods(source: Source): boolean {
    return source.swap !== undefined && this.statesOf((of) => of === source).some(({ pod }) => !hasSupervisor(pod));
  }

  private served(source: Source, seconds: number, signal: AbortSignal): Promise<Delivery> {
    const judged = () =>
      judge(
        this.statesOf((of) => of === source),
        { ...this.wanted.get(source), swap: source.swap !== undefined },
      );
    return this.waitFor(judged, seconds, signal);
  }

  private async waitFor(
    judged: () => ReturnType<typeof judge>,
    seconds: number,
    signal: AbortSignal,
  ): Promise<Delivery> {
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    const look = (): void => {
      if (this.api === undefined) resolve("away");
      const { pods, waiting, failures } = judged();
      if (waiting.length === 0) resolve(failures.length === 0 ? { pods } : { failures });
    };
    const supersede = () => resolve("superseded");
    const expire = setTimeout(() => {
      const { waiting, failures } = judged();
      const late = waiting.map(({ pod, reason }) => ({ pod, reason: `${reason}, after ${seconds} s` }));
      resolve({ failures: [...failures, ...late] });
    }, seconds * 1000);
    signal.addEventListener("abort", supersede, { once: true });
    this.watchers.add(look);
    try {
      if (signal.aborted) return "superseded";
      look();
      return await promise;
    } finally {
      clearTimeout(expire);
      signal.removeEventListener("abort", supersede);
      this.watchers.delete(look);
    }
  }

  private changed(): void {
    for (const look of this.watchers) look();
  }

  /** The pods that stay, of some sources, with what is known of each. */
  private statesOf(isMeant: (source: Source) => boolean): PodState[] {
    return [...this.pods.values()].filter(isStaying).flatMap((pod) => {
      const source = this.sources.get(serviceOf(pod));
      if (source === undefined || !isMeant(source)) return [];
      const link = this.links.get(pod.metadata.uid)?.link;
      return [{ pod, wordOf: (version: string) => link?.wordOf(version) }];
    });
  }

  private linksOf(source: Source): PodLink[] {
    return [...this.pods.values()].flatMap((pod) =>
      this.sources.get(serviceOf(pod)) === source ? (this.links.get(pod.metadata.uid)?.link ?? []) : [],
    );
  }
}
