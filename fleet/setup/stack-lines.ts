import { styleText } from "node:util";

/** Where the lines about one stack go. */
export interface StackLines {
  /** Shows a whole line, or several. */
  say: (text: string) => void;
  /** Shows a part of the output of another program, as it comes. */
  write: (text: string) => void;
  /** Shows what came without the end of its line. */
  end: () => void;
}

/** The colours that tell stacks apart on a terminal. */
const colors = ["cyan", "magenta", "yellow", "green", "blue"] as const;

/**
 * How the lines about stacks are told apart: each begins with its stack's name where several are worked on at once; one
 * alone has a title.
 *
 * @param print shows text as it is. @default on standard output
 */
export function linesOf(
  stacks: readonly string[],
  print: (text: string) => void = (text) => void process.stdout.write(text),
): (stack: string) => StackLines {
  if (stacks.length <= 1) return (stack) => titled(stack, print);
  const width = Math.max(...stacks.map((stack) => stack.length));
  return (stack) => {
    const color = colors[stacks.indexOf(stack) % colors.length] ?? "cyan";
    return prefixed(`${styleText(color, stack.padEnd(width), { stream: process.stdout })} │ `, print);
  };
}

function titled(stack: string, print: (text: string) => void): StackLines {
  let isNew = true;
  const write = (text: string) => {
    if (isNew) print(`\n=== ${stack} ===\n`);
    isNew = false;
    print(text);
  };
  return { say: (text) => write(`${text}\n`), write, end: () => undefined };
}

function prefixed(prefix: string, print: (text: string) => void): StackLines {
  let rest = "";
  const write = (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") print(`${prefix}${line}\n`);
  };
  const end = () => write(rest === "" ? "" : "\n");
  const say = (text: string) => {
    end();
    write(`${text}\n`);
  };
  return { say, write, end };
}
