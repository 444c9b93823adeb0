/** Where the toolchain tells what it does. */
export interface Reporter {
  /** A line that stays. */
  say(line: string): void;
  /** What is going on now; a later one takes its place. `subject` tells one piece of work from the next. */
  show(status: string, subject: string): void;
  /** Takes the last status away. */
  clear(): void;
}

interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

const secondsBetweenLines = 30;

/** Reports to a terminal in place, and to anything else by a line now and then. Standard output stays clean. */
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
  let subject = "";
  let shownAt = 0;
  return {
    say: (line) => screen.write(`${line}\n`),
    show(status, about) {
      if (about === subject && now() - shownAt < secondsBetweenLines * 1000) return;
      subject = about;
      shownAt = now();
      screen.write(`${status}\n`);
    },
    clear() {
      subject = "";
    },
  };
}
