import { once } from "node:events";
import { relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { versionOf } from "./bundle.ts";
import { Coalescer, type Save } from "./coalescer.ts";
import type { Wanted } from "./delivery.ts";
import type { DevCluster } from "./dev-cluster.ts";
import { changedMessage, deliveredMessage, type DeliveryTimes, indented } from "./messages.ts";
import { buildImage, ImageError, pushImage } from "./push-image.ts";
import type { ImageBuild, Source } from "./source.ts";
import { watchSource } from "./watch-source.ts";

/** A cluster, and the registry that its nodes pull from. */
export interface DevTarget {
  cluster: DevCluster;
  /** What image names start with, such as `localhost:5080`. */
  registry: string;
}

/** What is known of a source while its folder is watched. */
interface SourceState {
  /** Its last build that worked. @default none did */
  build?: ImageBuild;
  /** The version of its code that clusters have, or get. @default none */
  version?: string;
  /** Whether what is on disk does not build. */
  broken: boolean;
  /** Ends the wait for what is being delivered. */
  delivering: AbortController;
}

const retryMilliseconds = 2_000;

/** Builds sources whenever they change, and brings what was built to all clusters at once. */
export class DevSession {
  private readonly sources: readonly Source[];
  private readonly targets: readonly DevTarget[];
  private readonly folder: string;
  private readonly say: (text: string) => void;
  private readonly states: ReadonlyMap<Source, SourceState>;

  /** @param folder what paths in messages are relative to */
  constructor(sources: readonly Source[], targets: readonly DevTarget[], folder: string, say: (text: string) => void) {
    this.sources = sources;
    this.targets = targets;
    this.folder = folder;
    this.say = say;
    this.states = new Map(sources.map((source) => [source, { broken: false, delivering: new AbortController() }]));
  }

  /**
   * Builds everything, and goes on with every save until the signal. Then brings the clusters back to images.
   *
   * @returns the stacks that run images of what is on disk
   * @throws UserError when a folder can't be watched
   */
  async run(signal: AbortSignal): Promise<string[]> {
    const closing = new AbortController();
    for (const source of this.sources) await this.change(source, []);
    const clusters = Promise.all(this.targets.map(({ cluster }) => cluster.run(closing.signal)));
    try {
      await Promise.race([this.watch(AbortSignal.any([signal, closing.signal])), clusters]);
      return await this.leave();
    } finally {
      closing.abort();
      await clusters.catch(() => undefined); // it was thrown above
    }
  }

  private async watch(signal: AbortSignal): Promise<void> {
    const { promise: failure, reject: fail } = Promise.withResolvers<never>();
    failure.catch(() => undefined);
    const watched = this.sources.map((source) => {
      const coalescer = new Coalescer((saves) => this.change(source, saves));
      return { coalescer, watching: watchSource(source, (save) => coalescer.add(save), fail) };
    });
    try {
      await Promise.all(watched.map(({ watching }) => watching));
      if (!signal.aborted) await Promise.race([once(signal, "abort"), failure]);
    } finally {
      for (const { watching } of watched) await watching.then((stop) => stop()).catch(() => undefined);
      for (const { delivering } of this.states.values()) delivering.abort();
      for (const { coalescer } of watched) await coalescer.idle();
    }
  }

  /** @param saves what was saved; none at the beginning */
  private async change(source: Source, saves: readonly Save[]): Promise<void> {
    const state = this.stateOf(source);
    const began = Date.now();
    const savedAt = Math.max(...saves.map(({ at }) => at));
    const needsImage = source.swap === undefined || saves.some(({ path }) => source.kindOf(path) === "image");
    if (saves.length > 0) this.say(changedMessage(saves.map(({ path }) => relative(this.folder, path))));
    try {
      const { build, code = "" } = await source.prepare();
      const version = versionOf(code);
      state.broken = false;
      if (!needsImage && state.version === version) {
        this.say("no change of the code that is built");
        return;
      }
      if (needsImage) await buildImage(source, build, this.registries());
      state.build = build;
      state.version = version;
      state.delivering.abort();
      state.delivering = new AbortController();
      const built = Date.now();
      const wanted: Wanted = source.swap === undefined ? {} : { code: { version, code } };
      const times = saves.length === 0 ? undefined : { noticed: began - savedAt, built: built - began };
      const delivering = this.targets.map((target) => this.deliver(source, target, wanted, needsImage, times));
      // Nothing is connected yet at the beginning. Later, the next build need not wait for this one to arrive.
      if (saves.length === 0) await Promise.all(delivering);
    } catch (error) {
      state.broken = true;
      this.say(`the build failed; what serves goes on serving:\n    ${indented(messageOf(error))}`);
    }
  }

  private async deliver(
    source: Source,
    { cluster, registry }: DevTarget,
    wanted: Wanted,
    needsImage: boolean,
    times: Pick<DeliveryTimes, "noticed" | "built"> | undefined,
  ): Promise<void> {
    const { signal } = this.stateOf(source).delivering;
    const began = Date.now();
    const image = needsImage ? await this.push(source, { cluster, registry }, signal) : undefined;
    const pushed = Date.now();
    const delivery = await cluster.deliver(source, image === undefined ? wanted : { ...wanted, image }, signal);
    // At the beginning, each cluster reports by itself that it is connected.
    if (times === undefined || delivery === "superseded") return;
    const push = image === undefined ? undefined : pushed - began;
    this.say(deliveredMessage(cluster.stack, delivery, { ...times, pushed: push, served: Date.now() - pushed }));
  }

  /** Pushes an image, again and again if its registry is away. @returns undefined once the signal came */
  private async push(
    source: Source,
    { cluster, registry }: DevTarget,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    let isFirst = true;
    for (;;) {
      try {
        return await pushImage(source, registry, signal);
      } catch (error) {
        if (signal.aborted) return undefined;
        if (isFirst) this.say(`${cluster.stack}: trying again: ${indented(messageOf(error))}`);
        isFirst = false;
        await sleep(retryMilliseconds, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** @returns the stacks that run images of what is on disk */
  private async leave(): Promise<string[]> {
    this.say("bringing the clusters back to images (Ctrl-C again ends at once, and npm run up does this later)");
    const built: Source[] = [];
    for (const source of this.sources) {
      const { build, broken } = this.stateOf(source);
      if (broken)
        this.say(`what is on disk does not build, so the clusters keep the last version of ${source.name} that did`);
      if (build === undefined) continue;
      try {
        await buildImage(source, build, this.registries());
        built.push(source);
      } catch (error) {
        this.stateOf(source).broken = true;
        this.say(indented(messageOf(error)));
      }
    }
    const left = await Promise.all(this.targets.map((target) => this.leaveOne(target, built)));
    const broken = [...this.states.values()].some((state) => state.broken);
    return broken ? [] : left.flat();
  }

  private async leaveOne({ cluster, registry }: DevTarget, built: readonly Source[]): Promise<string[]> {
    try {
      const images = new Map<Source, string>();
      for (const source of built) images.set(source, await pushImage(source, registry));
      const delivery = await cluster.leave((source) => images.get(source), AbortSignal.timeout(120_000));
      if (typeof delivery === "object" && "pods" in delivery) return [cluster.stack];
      this.say(deliveredMessage(cluster.stack, delivery, { noticed: 0, built: 0, served: 0 }));
    } catch (error) {
      this.say(`${cluster.stack}: ${indented(messageOf(error))}`);
    }
    return [];
  }

  private registries(): string[] {
    return this.targets.map(({ registry }) => registry);
  }

  private stateOf(source: Source): SourceState {
    const state = this.states.get(source);
    if (state === undefined) throw new Error(`${source.name} is not a source of this session`);
    return state;
  }
}

/** What a builder says; the stack of anything else. */
function messageOf(error: unknown): string {
  if (error instanceof ImageError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return "errors" in error ? error.message : (error.stack ?? error.message);
}
