import { nearest } from "../../config/wording.ts";

/** An option of a command, as npm may have taken it for one of its own. */
export interface CommandOption {
  /** Without dashes, such as `check`, or `heal` of `--no-heal`. */
  name: string;
  /** Whether it is written with a value. */
  takesValue: boolean;
  /** Whether it is written as `--no-…`. */
  negated: boolean;
}

/** What npm took of a command line. */
export interface TakenFlags {
  /** Options to add to the command's, such as `--check`. */
  accepted: string[];
  /** Why the command line can't be followed, and what to write. @default it can be */
  problem?: string;
}

/** Options that change nothing, and so are followed even where only npm saw them. */
const harmless = new Set(["check", "json"]);

/** What npm makes of options that begin one of its own. */
const expanded: Record<string, string> = { replace: "replace-registry-host" };

/**
 * npm's own options that are written without a value, and can be meant for npm alone. Not among them are those that a user
 * may well have meant for the command: `force`, `dry-run`, `json`.
 */
const ownSwitches = new Set(
  (
    "all allow-same-version audit bin-links build-from-source color commit-hooks description dev " +
    "diff-ignore-all-space diff-name-only diff-no-prefix diff-text engine-strict expect-results foreground-scripts " +
    "format-package-lock fund git-tag-version global global-style if-present ignore-scripts include-staged " +
    "include-workspace-root install-links legacy-bundling legacy-peer-deps link long offline " +
    "omit-lockfile-registry-resolved optional package-lock package-lock-only parseable prefer-dedupe prefer-offline " +
    "prefer-online production progress provenance quiet read-only rebuild-bundle save save-bundle save-dev save-exact " +
    "save-optional save-peer save-prod shrinkwrap sign-git-commit sign-git-tag silent strict-peer-deps strict-ssl " +
    "timing unicode update-notifier usage version versions workspaces workspaces-update yes"
  ).split(" "),
);

/** Options with values that users of Pulumi or kubectl may write, and no command has. npm's has none of these names. */
const othersOptions = new Set(["cluster", "context", "namespace", "stack", "target"]);

/**
 * npm takes every option before `--` for one of its own, and tells scripts in variables: `npm run links --check` is
 * `npm_config_check=true`. So what the user meant can be followed, or told.
 *
 * @param command the command and its arguments, such as `["down", "staging"]`
 * @param options the command's own
 * @param env the environment that npm made
 * @param settings the text of npm's settings files, which lead to such variables, too
 */
export function flagsFromNpm(
  command: readonly string[],
  options: readonly CommandOption[],
  env: NodeJS.ProcessEnv,
  settings: string,
): TakenFlags {
  const accepted: string[] = [];
  const misplaced: string[] = [];
  const isSetting = (name: string) => new RegExp(`^\\s*${name}\\s*=`, "m").test(settings);
  const valueOf = (name: string) => (isSetting(name) ? undefined : env[`npm_config_${name.replaceAll("-", "_")}`]);
  for (const { name, takesValue, negated } of options) {
    const value =
      valueOf(name) ?? (expanded[name] !== undefined && valueOf(expanded[name]) === "true" ? "true" : undefined);
    if (value === undefined || (negated ? value !== "" : value === "" && !takesValue)) continue;
    if (harmless.has(name)) accepted.push(`--${name}`);
    else misplaced.push(written({ name, takesValue, negated }, value));
  }
  if (misplaced.length > 0) {
    const form = ["npm run", command[0], "--", ...command.slice(1), ...accepted, ...misplaced].join(" ");
    return { accepted, problem: `npm took ${misplaced.map(firstWord).join(" and ")} for itself. Write: ${form}` };
  }
  const unknown = unknownSwitches(env, options).filter((name) => !isSetting(name));
  if (unknown.length > 0) return { accepted, problem: unknownMessage(unknown, command, options) };
  return { accepted, problem: twoDocuments(command, accepted) };
}

function written({ name, takesValue, negated }: CommandOption, value: string): string {
  if (negated) return `--no-${name}`;
  if (!takesValue) return `--${name}`;
  // npm made the next word an argument when the value was not joined to the option.
  return `--${name} ${value === "true" || value === "" ? "VALUE" : `'${value}'`}`;
}

const firstWord = (option: string) => option.split(" ")[0] ?? option;

/** Options that neither npm nor the command has. Most of those with values are settings of other tools. */
function unknownSwitches(env: NodeJS.ProcessEnv, options: readonly CommandOption[]): string[] {
  return Object.entries(env).flatMap(([key, value]) => {
    const name = /^npm_config_([a-z0-9_]+)$/.exec(key)?.[1]?.replaceAll("_", "-");
    if (name === undefined || (value !== "true" && !othersOptions.has(name))) return [];
    const isKnown = ownSwitches.has(name) || Object.values(expanded).includes(name);
    return isKnown || options.some((option) => option.name === name) ? [] : [name];
  });
}

function unknownMessage(
  unknown: readonly string[],
  command: readonly string[],
  options: readonly CommandOption[],
): string {
  const known = options.map(({ name }) => name);
  const lines = unknown.map((name) => {
    const guess = nearest(name, known);
    return `unknown option --${name}${guess === undefined ? "" : `: did you mean --${guess}?`}`;
  });
  return [...lines, `The options of this command: npm run ${command[0]} -- --help`].join("\n");
}

/** npm adds a JSON object of its own to what a script that fails has printed, if it took `--json` for itself. */
function twoDocuments(command: readonly string[], accepted: readonly string[]): string | undefined {
  if (!accepted.includes("--json") || !accepted.includes("--check")) return undefined;
  return `npm took --json for itself, and would add JSON of its own. Write: npm run ${command[0]} -- --json --check`;
}
