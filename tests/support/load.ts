import autocannon from "autocannon";

/** What a load came to. */
export interface LoadResult {
  name: string;
  sent: number;
  failed: number;
  /** What the failures were, for people. */
  why: string;
}

/** A load that runs until it is stopped. */
export interface Load {
  sent(): number;
  stop(): Promise<LoadResult>;
}

/**
 * Sends requests at a constant rate, with autocannon.
 *
 * @param options.rate requests a second
 * @param options.closing whether each request has a connection of its own. @default false
 */
export function startLoad(url: string, { rate, closing = false }: { rate: number; closing?: boolean }): Load {
  const headers = closing ? { connection: "close" } : {};
  let sent = 0;
  let instance: autocannon.Instance | undefined;
  const done = new Promise<autocannon.Result>((resolve, reject) => {
    // The duration is a bound; the test stops the load.
    instance = autocannon({ url, connections: 10, overallRate: rate, duration: 540, timeout: 10, headers, ...(closing && { reconnectRate: 1 }) }, (error, result) => {
      if (error) reject(error as Error);
      else resolve(result);
    });
    instance.on("response", () => sent++);
  });
  return {
    sent: () => sent,
    async stop() {
      instance?.stop();
      const { errors, timeouts, non2xx, statusCodeStats } = await done;
      const failed = errors + timeouts + non2xx;
      const why = failed === 0 ? "" : `(${errors} broken, ${timeouts} timed out, statuses ${JSON.stringify(statusCodeStats)})`;
      return { name: closing ? "a connection per request" : "connections kept", sent, failed, why };
    },
  };
}
