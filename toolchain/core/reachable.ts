const results = new Map<string, Promise<boolean>>();
const deadlineMilliseconds = 4000;
/** Refusals of a server that can be reached: it wants a login, another method, or fewer requests. */
const statusesOfReachable = new Set([401, 405, 429]);

/**
 * True when a server answers at the URL. Each URL is asked once in a run; without the internet that takes some seconds
 * at most.
 */
export function reachable(url: string): Promise<boolean> {
  const known = results.get(url);
  if (known) return known;
  const result = probe(url);
  results.set(url, result);
  return result;
}

async function probe(url: string, attempts = 2): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(deadlineMilliseconds) });
    return response.ok || statusesOfReachable.has(response.status);
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === "TimeoutError";
    // Without a download half an hour of building may follow, so a connection that was slow once is tried again.
    return timedOut && attempts > 1 ? probe(url, attempts - 1) : false;
  }
}
