import { errorFailure, statusFailure } from "./fetch-failure.ts";
import { loginHeader } from "./fetch-file.ts";

/** Whether a server answers at a URL. */
export type Reachability =
  | {
      reachable: true;
      /** The size of what is there. @default the server doesn't say */
      bytes?: number;
    }
  | {
      reachable: false;
      /** Such as `the server refused the connection`. */
      why: string;
    };

const results = new Map<string, Promise<Reachability>>();
const deadlineMilliseconds = 4000;
/** Refusals of a server that can be reached: it wants a login, another method, or fewer requests. */
const statusesOfReachable = new Set([401, 405, 429]);

/**
 * Finds out if a server answers at the URL. Each URL is asked once in a run; without the internet that takes some
 * seconds at most.
 */
export function reachable(url: string): Promise<Reachability> {
  const known = results.get(url);
  if (known) return known;
  const result = probe(url);
  results.set(url, result);
  return result;
}

async function probe(url: string, attempts = 2): Promise<Reachability> {
  try {
    const headers = loginHeader(new URL(url).hostname);
    const response = await fetch(url, { method: "HEAD", headers, signal: AbortSignal.timeout(deadlineMilliseconds) });
    const { ok, status, statusText } = response;
    if (ok) return { reachable: true, bytes: Number(response.headers.get("content-length")) || undefined };
    if (statusesOfReachable.has(status)) return { reachable: true };
    return { reachable: false, why: statusFailure(status, statusText).why };
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === "TimeoutError";
    // Without a download half an hour of building may follow, so a connection that was slow once is tried again.
    if (timedOut && attempts > 1) return probe(url, attempts - 1);
    return { reachable: false, why: timedOut ? "the server doesn't answer" : errorFailure(error).why };
  }
}
