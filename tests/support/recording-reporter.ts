import type { Reporter } from "../../toolchain/index.ts";

/** A reporter that keeps every line, and writes none. */
export interface RecordingReporter extends Reporter {
  /** The lines that stay. */
  said: string[];
  /** The statuses, which replace one another. */
  shown: string[];
}

export function recordingReporter(): RecordingReporter {
  const said: string[] = [];
  const shown: string[] = [];
  return {
    said,
    shown,
    say: (line) => void said.push(line),
    show: (status) => void shown.push(status),
    clear: () => undefined,
  };
}
