import { setTimeout as sleep } from "node:timers/promises";
import { upCommand } from "../../config/wording.ts";
import { type KubectlTarget, tryKubectl } from "../../host/kubectl.ts";
import { strangersText } from "../../host/strangers-text.ts";
import { isForbidden, isUnauthorized, lastLineOf } from "../../infra/existing/kubectl-refusal.ts";
import { UserError } from "../user-error.ts";

/** A stack's cluster, which others made, is not there for the user any more. */
export class LostAccessError extends UserError {
  override readonly name = "LostAccessError";
}

/** What Pulumi's plugin watches of a roll-out, as kubectl names it. */
const watched = "deployments.apps,replicasets.apps,pods";

/** How often it is asked for. */
const pauseSeconds = 10;

/** How long the API server may be away: a network may come back, and then all goes on. */
const awaySeconds = 120;

/** What is watched while Pulumi works on a stack. */
export interface Watched {
  stack: string;
  /** The cluster. @default one that is made here, where nobody takes rights away, so nothing is asked */
  target?: KubectlTarget;
  /** The namespaces that roll-outs are in. */
  namespaces: readonly string[];
  /** Seconds between two questions. @default 10 */
  pause?: number;
}

/**
 * Does some work on a cluster that others made, and ends it when the user may not see its roll-outs any more: Pulumi's
 * plugin would wait for ever then for what it can't watch, whatever the deadlines of its resources.
 *
 * @param work ends when its signal is aborted
 * @throws LostAccessError that says what may not be done, and what to do
 */
export async function whileAccessible<T>(
  { stack, target, namespaces, pause = pauseSeconds }: Watched,
  work: (signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  if (target === undefined) return work();
  const lost = new AbortController();
  const done = new AbortController();
  const watching = watch(target, [...new Set(namespaces)], pause, done.signal).then((why) => {
    if (why !== undefined) lost.abort(new LostAccessError(`${why}, and go on: ${upCommand(stack)}`));
  });
  try {
    return await work(lost.signal);
  } catch (error) {
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    done.abort();
    await watching;
  }
}

/** @returns why the cluster can't be watched any more; undefined once it need not be */
async function watch(
  target: KubectlTarget,
  namespaces: readonly string[],
  pause: number,
  done: AbortSignal,
): Promise<string | undefined> {
  let lastAnswer = Date.now();
  let wasRefused = false;
  for (;;) {
    await sleep(pause * 1000, undefined, { signal: done }).catch(() => undefined);
    const looks = await Promise.all(namespaces.map((namespace) => failureOfLook(target, namespace, done)));
    if (done.aborted) return undefined;
    const failures = looks.filter((text) => text !== undefined);
    const refusal = failures.find(isRefusal);
    // What is refused from the beginning, Pulumi tells by itself.
    if (refusal !== undefined && wasRefused) return explainRefusal(target, refusal);
    wasRefused = refusal !== undefined;
    if (failures.length === 0) lastAnswer = Date.now();
    if (Date.now() - lastAnswer > awaySeconds * 1000) {
      const last = strangersText(failures[0] ?? "");
      return `the context "${target.context}" could not be reached for ${awaySeconds} s (${last}): see that it can be`;
    }
  }
}

function explainRefusal({ context }: KubectlTarget, refusal: string): string {
  if (!isForbidden(refusal)) {
    return `the API server that the context "${context}" leads to does not know its user any more: log in anew`;
  }
  const said = strangersText(refusal);
  return (
    `the user of the context "${context}" may not see roll-outs any more (${said}): give the rights back, see ` +
    "docs/existing-clusters.md"
  );
}

const isRefusal = (text: string): boolean => isForbidden(text) || isUnauthorized(text);

/** What kubectl says when it can't look at the roll-outs of a namespace, in its last line; undefined when it can. */
async function failureOfLook(
  target: KubectlTarget,
  namespace: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const args = ["--request-timeout=10s", "--namespace", namespace, "get", watched, "--output=name"];
  const { error } = await tryKubectl(target, args, { deadlineSeconds: 20, signal });
  return error && lastLineOf(error);
}
