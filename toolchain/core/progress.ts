/** What a line of progress tells. */
export interface Progress {
  /** Which piece of work it is, of how many. */
  index: number;
  total: number;
  name: string;
  doing: string;
  elapsedSeconds: number;
  /** How long it took last time on this machine. */
  lastSeconds?: number | undefined;
  /** How long it takes on two cores, where it never ran here. */
  knownSeconds?: number | undefined;
}

/** `[3/12] kube-apiserver: building… 1:20 (took 7:12 last time)` */
export function progressLine(progress: Progress): string {
  const { index, total, name, doing, elapsedSeconds } = progress;
  return `[${index}/${total}] ${name}: ${doing}… ${clock(elapsedSeconds)}${expectation(progress)}`;
}

function expectation({ lastSeconds, knownSeconds }: Progress): string {
  if (lastSeconds !== undefined) return ` (took ${clock(lastSeconds)} last time)`;
  if (knownSeconds !== undefined) return ` (takes about ${clock(knownSeconds)} on two cores)`;
  return "";
}

/** Minutes and seconds, as on a clock. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
