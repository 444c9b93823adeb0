/** One mistake in a stack's configuration. */
export interface Problem {
  /** Where it is, as in `services[1].namespace`. */
  readonly path: string;
  /** What is wrong, with the value at fault, and what to write instead. */
  readonly message: string;
}

/** A mistake that still knows its place as keys and indices. */
export interface Finding {
  readonly at: readonly PropertyKey[];
  readonly message: string;
}

/** The top-level keys, in the order in which a reader meets them. */
const sections = ["cluster", "services", "peers", "exposedUrl"];

/** All that is wrong with one stack's configuration. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** The stack file's name. */
  readonly file: string;
  /** Every mistake, in the order of the file. */
  readonly problems: readonly Problem[];

  constructor(stack: string, findings: readonly Finding[]) {
    const file = `Pulumi.${stack}.yaml`;
    const problems = inFileOrder(findings).map(({ at, message }) => ({ path: formatPath(at), message }));
    super(problems.map(({ path, message }) => `${file}: ${path}: ${message}`).join("\n"));
    this.file = file;
    this.problems = problems;
  }
}

/** Keys and indices as one writes them: `services[1].namespace`. */
function formatPath(at: readonly PropertyKey[]): string {
  const parts = at.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    const key = String(step);
    return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return parts.join("").replace(/^\./, "") || "config";
}

/** By section, then by place in its list; what is at one place stays in the order in which it was found. */
function inFileOrder(findings: readonly Finding[]): Finding[] {
  const section = ({ at }: Finding) => {
    const index = sections.indexOf(String(at[0]));
    return index === -1 ? sections.length : index;
  };
  const item = ({ at }: Finding) => (typeof at[1] === "number" ? at[1] : -1);
  return findings.toSorted((a, b) => section(a) - section(b) || item(a) - item(b));
}
