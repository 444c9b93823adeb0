/** Where the toolchain reports what it does. */
export interface Reporter {
  /** Writes a line that stays. */
  say(line: string): void;
  /** Shows what is going on now, in place of the status before. `subject` is the same for all statuses of one step. */
  show(status: string, subject: string): void;
  /** Removes the last status. */
  clear(): void;
}

interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

const secondsBetweenLines = 30;

/**
 * Reports to a terminal, where each status replaces the one before, or to anything else, by a line for each new
 * subject and then every half minute.
 *
 * @param screen @default standard error, so that standard output holds results only
 */
export function reportTo(screen: Screen = process.stderr, now: () => number = Date.now): Reporter {
  return screen.isTTY ? inPlace(screen) : byLine(screen, now);
}

function inPlace(screen: Screen): Reporter {
  const erase = "\r\u001b[2K";
  return {
    say: (line) => screen.write(`${erase}${line}\n`),
    show: (status) => screen.write(erase + status.slice(0, (screen.columns ?? 80) - 1)),
    clear: () => screen.write(erase),
  };
}

function byLine(screen: Screen, now: () => number): Reporter {
  let shownSubject = "";
  let shownAt = 0;
  return {
    say: (line) => screen.write(`${line}\n`),
    show(status, subject) {
      if (subject === shownSubject && now() - shownAt < secondsBetweenLines * 1000) return;
      shownSubject = subject;
      shownAt = now();
      screen.write(`${status}\n`);
    },
    clear() {
      shownSubject = "";
    },
  };
}
