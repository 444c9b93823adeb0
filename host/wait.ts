import pRetry from "p-retry";

/**
 * Tries until it works or the deadline has passed.
 *
 * @param what is being waited for, for the message
 * @param seconds until the wait is over
 * @throws Error that names what was waited for, the deadline and the last failure
 */
export async function waitFor<T>(what: string, seconds: number, attempt: () => T | Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(seconds * 1000);
  let last: unknown;
  try {
    return await pRetry(
      async () => {
        try {
          return await attempt();
        } catch (failure) {
          last = failure;
          throw failure instanceof TypeError ? new Error(failure.message, { cause: failure.cause }) : failure;
        }
      },
      { retries: Number.POSITIVE_INFINITY, minTimeout: 200, factor: 1.5, maxTimeout: 2000, signal },
    );
  } catch (failure) {
    const why = last instanceof Error ? last.message : String(last ?? failure);
    throw new Error(`${what}: not within ${seconds} s; last: ${why}`, { cause: failure });
  }
}
