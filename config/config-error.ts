import { stackFileName } from "./stack-name.ts";

/** What is wrong in a stack's configuration, and where. */
export interface Problem {
  /** The place, as keys and indices from the top: `["services", 1, "namespace"]`. */
  readonly at: readonly PropertyKey[];
  /** What is wrong, with the value, and what to write instead. */
  readonly message: string;
}

/** A problem whose place is also written out: `services[1].namespace`. */
export interface PlacedProblem extends Problem {
  readonly path: string;
}

/** All problems of one stack's configuration. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** The stack file's name. */
  readonly file: string;
  /** Every problem, ordered by section and by index in its list. */
  readonly problems: readonly PlacedProblem[];

  constructor(stack: string, problems: readonly Problem[]) {
    const file = stackFileName(stack);
    const placed = inFileOrder(problems).map((problem) => ({ ...problem, path: formatPath(problem.at) }));
    super(placed.map(({ path, message }) => `${file}: ${path}: ${message}`).join("\n"));
    this.file = file;
    this.problems = placed;
  }
}

/** The top-level keys, in the documentation's order. */
const sections = ["cluster", "defaults", "services", "peers", "exposedUrl"];

/** By section, then by index in its list. Problems of one place keep the order in which they were found. */
function inFileOrder(problems: readonly Problem[]): Problem[] {
  const section = ({ at }: Problem) => {
    const index = sections.indexOf(String(at[0]));
    return index === -1 ? sections.length : index;
  };
  const item = ({ at }: Problem) => (typeof at[1] === "number" ? at[1] : -1);
  return problems.toSorted((a, b) => section(a) - section(b) || item(a) - item(b));
}

/** A place as it is written in messages: `services[1].namespace`. */
export function formatPath(at: readonly PropertyKey[]): string {
  const parts = at.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    const key = String(step);
    return /^[\w:-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return parts.join("").replace(/^\./, "") || "config";
}
