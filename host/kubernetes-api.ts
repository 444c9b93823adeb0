import { request, type IncomingMessage } from "node:http";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa, type ResultPromise } from "execa";
import { WebSocket } from "ws";
import type { KubectlTarget } from "./kubectl.ts";
import { waitFor } from "./wait.ts";

/** The API server refused a request, or could not be reached. */
export class KubernetesApiError extends Error {
  override readonly name = "KubernetesApiError";
  /** The HTTP status; undefined when no answer came. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/** One change of JSON Patch (RFC 6902). */
export interface PatchOperation {
  op: "add" | "replace" | "remove";
  path: string;
  value?: unknown;
}

/** A change of a watched object, as the API server sends it. */
export interface WatchEvent<T> {
  /** BOOKMARK: all objects that there were at the beginning have been told. */
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  object: T;
}

/** An open connection to a container's standard input. */
export interface Attached {
  write: (text: string) => void;
  /** Resolves when the connection has ended, for whatever reason. */
  closed: Promise<void>;
}

/** The part of an object that watching needs. */
interface Listed {
  metadata: { resourceVersion?: string };
}

const startSeconds = 10;
const requestMilliseconds = 10_000;

/**
 * Runs `kubectl "$@"` until standard input ends, which it does with this process, however that ends. Then removes the
 * folder.
 */
const untilInputEnds = `
  trap '' PIPE # nobody may be left to read what this shell says of an ended kubectl
  exec 3<&0
  kubectl "$@" 3<&- & proxy=$!
  (read -r _ <&3; kill "$proxy") & reader=$!
  wait "$proxy"; status=$?
  kill "$reader" 2>/dev/null
  rm -rf -- "$FOLDER"
  exit "$status"`;

/** What a stream to a container's standard input begins each message with: its channel's number. */
const standardInput = Buffer.from([0]);

/**
 * The API of a cluster over connections that stay open: to start a kubectl for each call would take longer than the calls
 * do. `kubectl proxy` makes the connections, so that every kind of login works that kubectl knows. It listens on a socket
 * in a folder that only this user can enter.
 */
export class KubernetesApi {
  private readonly proxy: ResultPromise<{ reject: false }>;
  private readonly socketPath: string;

  private constructor(folder: string, target: KubectlTarget) {
    this.socketPath = join(folder, "api");
    // By default, kubectl's proxy lets no one attach to a container.
    const args = ["--context", target.context, "proxy", `--unix-socket=${this.socketPath}`, "--reject-paths="];
    const env: Record<string, string> = { FOLDER: folder };
    if (target.kubeconfig !== undefined) env.KUBECONFIG = target.kubeconfig;
    // Neither Ctrl-C in the terminal nor execa ends it: it must clean up after itself.
    const options = { env, reject: false, detached: true, cleanup: false } as const;
    this.proxy = execa("sh", ["-c", untilInputEnds, "sh", ...args], options);
  }

  /** @throws Error when kubectl can't be run, or knows no such context */
  static async open(target: KubectlTarget): Promise<KubernetesApi> {
    const api = new KubernetesApi(await mkdtemp(join(tmpdir(), "fleet-api-")), target);
    let failure: string | undefined;
    const ended = api.proxy.then(({ stderr, shortMessage }) => {
      failure = stderr === "" ? shortMessage : stderr;
    });
    const listening = waitFor("kubectl proxy", startSeconds, () => api.anyAnswer(), { longestPauseMilliseconds: 50 });
    await Promise.race([listening.catch(() => undefined), ended]);
    if (failure === undefined) return api;
    await api.close();
    throw new KubernetesApiError(failure);
  }

  async close(): Promise<void> {
    this.proxy.stdin.end();
    await this.proxy;
  }

  /** @throws KubernetesApiError */
  async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return JSON.parse(await this.call("GET", path, { signal })) as T;
  }

  /** Changes an object by JSON Patch. @throws KubernetesApiError */
  async patch<T>(path: string, operations: readonly PatchOperation[], signal?: AbortSignal): Promise<T> {
    const type = "application/json-patch+json";
    return JSON.parse(await this.call("PATCH", path, { type, body: JSON.stringify(operations), signal })) as T;
  }

  /** Whether the API server says that it lives, or is ready, within some milliseconds. */
  async is(state: "livez" | "readyz", milliseconds: number): Promise<boolean> {
    const signal = AbortSignal.timeout(milliseconds);
    return this.call("GET", `/${state}`, { signal }).then(
      () => true,
      () => false,
    );
  }

  /**
   * Yields the objects that there are, as ADDED, then a BOOKMARK, then every change, until the connection ends.
   *
   * @param path of a list, with its query
   * @throws KubernetesApiError
   */
  async *watch<T extends Listed>(path: string, signal: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    const list = await this.get<{ metadata: { resourceVersion: string }; items: T[] }>(path, signal);
    for (const object of list.items) yield { type: "ADDED", object };
    yield { type: "BOOKMARK", object: { metadata: list.metadata } as T };
    const query = `watch=1&resourceVersion=${list.metadata.resourceVersion}`;
    for await (const line of this.lines(`${path}${path.includes("?") ? "&" : "?"}${query}`, signal)) {
      const event = parsed(line) as WatchEvent<T> | { type: "ERROR"; object: { message?: string } };
      if (event.type === "ERROR") throw new KubernetesApiError(event.object.message ?? "the watch ended");
      yield event;
    }
  }

  /** Yields the lines of an answer that comes bit by bit, until the signal. @throws KubernetesApiError */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const response = await this.send("GET", path, { signal });
    if (response.statusCode !== 200) throw await failureOf(response);
    response.on("error", () => undefined); // the loop gets it, too
    try {
      for await (const line of createInterface({ input: response, crlfDelay: Infinity })) yield line;
    } catch (error) {
      if (!signal.aborted) throw new KubernetesApiError(`the connection broke: ${messageOf(error)}`);
    } finally {
      response.destroy();
    }
  }

  /**
   * Opens a container's standard input, which stays open when this connection ends.
   *
   * @throws KubernetesApiError
   */
  async attach(
    { namespace, pod, container }: { namespace: string; pod: string; container: string },
    signal: AbortSignal,
  ): Promise<Attached> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/attach?container=${container}&stdin=true`;
    const socket = new WebSocket(`ws+unix:${this.socketPath}:${path}`, ["v5.channel.k8s.io", "v4.channel.k8s.io"], {
      headers: { Host: "localhost" },
      handshakeTimeout: requestMilliseconds,
    });
    const end = () => socket.terminate();
    signal.addEventListener("abort", end, { once: true });
    const opened = Promise.withResolvers<undefined>();
    const closed = Promise.withResolvers<undefined>();
    socket.on("open", () => opened.resolve(undefined));
    socket.on("error", (error) =>
      opened.reject(new KubernetesApiError(`attaching to ${namespace}/${pod}: ${error.message}`)),
    );
    socket.on("close", () => {
      signal.removeEventListener("abort", end);
      closed.resolve(undefined);
    });
    await opened.promise;
    return {
      write: (text) => socket.send(Buffer.concat([standardInput, Buffer.from(text)]), () => undefined),
      closed: closed.promise,
    };
  }

  /** @throws Error when the proxy itself does not answer; what the API server answers does not matter */
  private async anyAnswer(): Promise<void> {
    const response = await this.send("GET", "/readyz", { signal: AbortSignal.timeout(2000) });
    response.resume();
  }

  private async call(method: string, path: string, options: CallOptions): Promise<string> {
    const timeout = AbortSignal.timeout(requestMilliseconds);
    const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
    const response = await this.send(method, path, { ...options, signal });
    if (response.statusCode !== 200) throw await failureOf(response);
    return textOf(response);
  }

  private async send(method: string, path: string, { type, body, signal }: CallOptions): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const headers = { Host: "localhost", ...(type === undefined ? undefined : { "Content-Type": type }) };
    const sent = request({ socketPath: this.socketPath, method, path, headers, signal }, resolve);
    sent.on("error", (error) => reject(new KubernetesApiError(error.message))).end(body);
    return promise;
  }
}

interface CallOptions {
  type?: string;
  body?: string;
  signal?: AbortSignal;
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  try {
    for await (const part of response.setEncoding("utf8")) text += String(part);
  } catch (error) {
    throw new KubernetesApiError(messageOf(error));
  }
  return text;
}

async function failureOf(response: IncomingMessage): Promise<KubernetesApiError> {
  const text = await textOf(response);
  let message = text.trim();
  try {
    ({ message } = JSON.parse(text) as { message: string });
  } catch {
    // not the API server's own words
  }
  return new KubernetesApiError(`${message} (HTTP ${response.statusCode})`, response.statusCode);
}

/** @throws KubernetesApiError for the part of a line that came before its connection broke */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new KubernetesApiError("the connection broke");
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
