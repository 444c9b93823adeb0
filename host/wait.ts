import pRetry from "p-retry";
import { interrupted, InterruptedError, throwIfInterrupted } from "./interruption.ts";

/** Options of waiting. */
export interface WaitOptions {
  /** The longest pause between two tries, in milliseconds; the first pause is 200 or less. @default 2000 */
  longestPauseMilliseconds?: number;
  /** Ends the waiting early. @default the user's interruption, which is thrown as an InterruptedError */
  signal?: AbortSignal;
}

/**
 * Repeats an attempt until it succeeds or the deadline has passed.
 *
 * @param what is being waited for, for the message
 * @param seconds the deadline
 * @returns what the attempt that worked returned
 * @throws InterruptedError
 * @throws Error that names what was waited for, the deadline and the last failure
 */
export async function waitFor<T>(
  what: string,
  seconds: number,
  attempt: () => T | Promise<T>,
  { longestPauseMilliseconds = 2000, signal: ending = interrupted }: WaitOptions = {},
): Promise<T> {
  const pauses = { minTimeout: Math.min(200, longestPauseMilliseconds), maxTimeout: longestPauseMilliseconds };
  const signal = AbortSignal.any([AbortSignal.timeout(seconds * 1000), ending]);
  let last: unknown;
  const remembering = async () => {
    try {
      return await attempt();
    } catch (error) {
      last = error;
      // p-retry does not try again after a TypeError, and fetch throws one when no server answers.
      throw error instanceof TypeError ? new Error(error.message, { cause: error.cause }) : error;
    }
  };
  try {
    return await pRetry(remembering, { ...pauses, factor: 1.5, retries: Infinity, signal });
  } catch (error) {
    if (ending === interrupted) throwIfInterrupted();
    const why = last instanceof Error ? last.message : String(last ?? error);
    throw new Error(`${what}: not within ${seconds} s; last: ${why}`, { cause: error });
  }
}

/**
 * Waits until a condition holds; one that throws does not hold yet.
 *
 * @param seconds the deadline
 * @returns whether it held in time
 * @throws InterruptedError
 */
export async function waitUntil(
  holds: () => boolean | Promise<boolean>,
  seconds: number,
  options?: WaitOptions,
): Promise<boolean> {
  let held = false;
  const attempt = async () => {
    held = await holds();
    if (!held) throw new Error("it does not hold");
  };
  // A last check that began in time counts, even when it ends too late for waitFor.
  return waitFor("a condition", seconds, attempt, options).then(
    () => true,
    (error: unknown) => {
      if (error instanceof InterruptedError) throw error;
      return held;
    },
  );
}
