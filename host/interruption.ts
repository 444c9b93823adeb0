import { killDescendants } from "./process-tree.ts";

/** The user's wish to stop. It is nobody's mistake, so the message alone is shown. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";

  constructor() {
    super("Interrupted.");
  }
}

/** One for the whole process: commands, waits, downloads and Pulumi all end by it. */
const interruption = new AbortController();

/** Aborted, with an {@link InterruptedError}, once the user has asked to stop. */
export const interrupted: AbortSignal = interruption.signal;

/** For what must be done even then, such as cleaning up: never aborted. */
export const uninterrupted: AbortSignal = new AbortController().signal;

/** @throws InterruptedError once the user has asked to stop */
export const throwIfInterrupted = (): void => interrupted.throwIfAborted();

/** How soon after one another signals count as one wish, in milliseconds. */
const sameWishMilliseconds = 400;

/** What a signal asks for. */
export type Wish = "stop" | "end" | "same";

/**
 * Tells a first wish from a second one. One Ctrl-C may arrive several times: from the terminal, from npm and from
 * bootstrap/run.mjs, each of which passes it on.
 *
 * @param now in milliseconds
 */
export function wishes(now: () => number = Date.now): () => Wish {
  let last: number | undefined;
  return () => {
    const time = now();
    const before = last;
    last = time;
    if (before === undefined) return "stop";
    return time - before < sameWishMilliseconds ? "same" : "end";
  };
}

/** What the first signal says. */
const stopping =
  "\nInterrupted: stopping at the next safe point. What Pulumi is doing at this moment is finished first. " +
  "Ctrl-C again ends everything at once. The same command goes on from there.";

const ending = "\nEnded at once. The same command goes on from what is there.";

/** The exit status of a process that a signal stopped, as shells have it. */
const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

let windUp: AbortController | undefined;

/**
 * For a command that runs until it is stopped, and then has something left to do: from now on, the first signal aborts
 * what this returns, instead of {@link interrupted}.
 */
export function windUpOnSignal(): AbortSignal {
  windUp = new AbortController();
  return windUp.signal;
}

/**
 * Handles the signals by which users stop a command: the first one aborts {@link interrupted}, a second one ends this
 * process with all its children.
 *
 * @returns a function that says with which status the process should end, if it was interrupted
 */
export function handleInterruptions(): () => number | undefined {
  const wish = wishes();
  let status: number | undefined;
  for (const [signal, code] of Object.entries(statuses)) {
    process.on(signal, () => {
      const asked = wish();
      if (asked === "stop" && windUp !== undefined) {
        windUp.abort();
      } else if (asked === "stop") {
        status = code;
        console.error(stopping);
        interruption.abort(new InterruptedError());
      } else if (asked === "end") {
        console.error(ending);
        killDescendants();
        process.exit(code);
      }
    });
  }
  return () => status;
}
