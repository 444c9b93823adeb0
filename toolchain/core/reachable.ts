const answers = new Map<string, Promise<boolean>>();
const patienceMilliseconds = 4000;
/** What a server says that is there, but wants to know who asks, or to be asked in another way or later. */
const answersToo = new Set([401, 405, 429]);

/** Whether an address answers well. Asked once a run; a machine without the internet loses some seconds at most. */
export function reachable(url: string): Promise<boolean> {
  const known = answers.get(url);
  if (known) return known;
  const answer = probe(url);
  answers.set(url, answer);
  return answer;
}

async function probe(url: string, tries = 2): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(patienceMilliseconds) });
    return response.ok || answersToo.has(response.status);
  } catch (failure) {
    // Its absence may cost half an hour of building: a line that is slow for once is given another try.
    return tries > 1 && failure instanceof DOMException && failure.name === "TimeoutError"
      ? probe(url, tries - 1)
      : false;
  }
}
