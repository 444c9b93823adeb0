/** What a line of progress shows. */
export interface Progress {
  /** The step's number, from 1. */
  index: number;
  /** How many steps there are. */
  total: number;
  /** The step's name, such as `kube-apiserver`. */
  name: string;
  /** What happens, such as `building`. */
  doing: string;
  /** How far it is, such as `12 of 95 MB`. @default not known */
  note?: string;
  elapsedSeconds: number;
  /** How long the step took last time on this machine. @default it never ran here */
  lastSeconds?: number;
  /** How long the step takes on two cores, for a machine where it never ran. @default not known */
  knownSeconds?: number;
}

/** `[3/12] kube-apiserver: building… 1:20 (took 7:12 last time)` */
export function progressLine(progress: Progress): string {
  const { index, total, name, doing, note, elapsedSeconds } = progress;
  const work = note === undefined ? doing : `${doing} ${note}`;
  return `[${index}/${total}] ${name}: ${work}… ${clock(elapsedSeconds)}${expectation(progress)}`;
}

function expectation({ lastSeconds, knownSeconds }: Progress): string {
  if (lastSeconds !== undefined) return ` (took ${clock(lastSeconds)} last time)`;
  if (knownSeconds !== undefined) return ` (takes about ${clock(knownSeconds)} on two cores)`;
  return "";
}

/** A size as megabytes, such as `95 MB`; those below one as `1 MB`. */
export function megabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

/** A duration as minutes and seconds, such as `1:05`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
