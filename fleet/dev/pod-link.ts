import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { isPlainObject } from "../../host/plain-object.ts";
import type { KubernetesApi } from "../../host/kubernetes-api.ts";
import { hasSupervisor } from "./dev-mode.ts";
import type { Pod } from "./pod.ts";

/** New code of a service. */
export interface Code {
  /** By its content; see bundle.ts. */
  version: string;
  code: string;
}

const supervisorLine = z.object({
  dev: z.enum(["serving", "failed"]),
  version: z.string(),
  reason: z.string().optional(),
});

/** What a pod's supervisor says of some code. */
export type SupervisorWord = z.infer<typeof supervisorLine>;

/** Who is told what comes out of a container. */
export interface LinkListener {
  /** A line of the service's log. */
  onLine: (line: string) => void;
  /** Something else became known. */
  onChange: () => void;
}

const pauseMilliseconds = 300;

/** The connections to one container: its log, and the way in for new code. */
export class PodLink {
  private readonly words = new Map<string, SupervisorWord>();
  private readonly api: KubernetesApi;
  private readonly pod: Pod;
  private readonly listener: LinkListener;
  private readonly ending = new AbortController();
  private code: Code | undefined;
  private write: ((text: string) => void) | undefined;

  /** @param isNew whether its log is shown from the beginning */
  constructor(api: KubernetesApi, pod: Pod, isNew: boolean, listener: LinkListener) {
    this.api = api;
    this.pod = pod;
    this.listener = listener;
    void this.repeat(() => this.followLog(isNew));
    if (hasSupervisor(pod)) void this.repeat(() => this.keepAttached());
  }

  /** Sends new code, at once or as soon as it is connected. */
  send(code: Code): void {
    this.code = code;
    this.words.delete(code.version);
    // What comes first ends a message that an earlier sender did not finish.
    this.write?.(`\n${JSON.stringify(code)}\n`);
  }

  /** The last that the container said of some code; undefined when it said nothing yet. */
  wordOf(version: string): SupervisorWord | undefined {
    return this.words.get(version);
  }

  close(): void {
    this.ending.abort();
  }

  /** Does something again whenever it ends, until this is closed. What fails is tried again, too. */
  private async repeat(connect: () => Promise<void>): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await connect().catch(() => undefined);
      await sleep(pauseMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }

  private last = "";

  private async followLog(isNew: boolean): Promise<void> {
    const { namespace, name } = this.pod.metadata;
    const from = this.last === "" ? `tailLines=${isNew ? 1000 : 0}` : `sinceTime=${encodeURIComponent(this.last)}`;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log?container=${this.container}&follow=true&timestamps=true&${from}`;
    const shown = this.last;
    for await (const line of this.api.lines(path, this.ending.signal)) {
      const [, time, text] = /^(\d{4}-\S+Z) (.*)$/.exec(line) ?? [];
      // Without a time, it is the kubelet's own message. And sinceTime counts in whole seconds.
      if (time === undefined || text === undefined || time <= shown) continue;
      this.last = time;
      this.take(text);
    }
  }

  private take(line: string): void {
    const word = wordIn(line);
    if (word === undefined) {
      this.listener.onLine(line);
      return;
    }
    this.words.set(word.version, word);
    this.listener.onChange();
  }

  private async keepAttached(): Promise<void> {
    const { namespace, name } = this.pod.metadata;
    const target = { namespace, pod: name, container: this.container };
    const { write, closed } = await this.api.attach(target, this.ending.signal);
    this.write = write;
    try {
      if (this.code !== undefined) this.send(this.code);
      await closed;
    } finally {
      this.write = undefined;
    }
  }

  private get container(): string {
    return this.pod.spec.containers[0]?.name ?? "";
  }
}

/** What a supervisor says in a line; undefined when the line is not a supervisor's. */
export function wordIn(line: string): SupervisorWord | undefined {
  if (!line.startsWith('{"dev":')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isPlainObject(value) ? supervisorLine.safeParse(value).data : undefined;
  } catch {
    return undefined;
  }
}
