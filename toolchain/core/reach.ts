const answers = new Map<string, Promise<boolean>>();
const patienceMilliseconds = 4000;

/** Whether an address answers well. Asked once a run; a machine without the internet loses a few seconds at most. */
export function reachable(url: string): Promise<boolean> {
  const known = answers.get(url);
  if (known) return known;
  const answer = probe(url);
  answers.set(url, answer);
  return answer;
}

async function probe(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(patienceMilliseconds) });
    // A registry asks who calls; that it asks is enough.
    return response.ok || response.status === 401;
  } catch {
    return false;
  }
}
