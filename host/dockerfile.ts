/**
 * The images that a Dockerfile builds on, from its `FROM` and `COPY --from` lines, with the build arguments filled in.
 * Without its own stages, `scratch`, and what depends on an argument that nothing sets.
 */
export function baseImagesOf(dockerfile: string, args: Readonly<Record<string, string>>): string[] {
  const known = new Map<string, string>();
  const stages = new Set(["scratch"]);
  const images = new Set<string>();
  let beforeFirstStage = true;
  const add = (reference: string) => {
    const image = filledIn(reference, known);
    if (image !== undefined && image !== "" && !stages.has(image.toLowerCase())) images.add(image);
  };
  for (const [instruction, ...words] of instructionsOf(dockerfile)) {
    const flags = words.filter((word) => word.startsWith("--"));
    const [first = "", ...rest] = words.filter((word) => !word.startsWith("--"));
    if (instruction === "ARG" && beforeFirstStage) {
      // Only these count in FROM lines; those of a stage don't.
      for (const [name, value] of [first, ...rest].map(readArgument)) {
        const filled = args[name] ?? (value === undefined ? undefined : filledIn(value, known));
        if (filled !== undefined) known.set(name, filled);
      }
    } else if (instruction === "FROM") {
      beforeFirstStage = false;
      add(first);
      if (rest[0]?.toUpperCase() === "AS" && rest[1] !== undefined) stages.add(rest[1].toLowerCase());
    } else if (instruction === "COPY") {
      const from = flags.find((flag) => flag.startsWith("--from="))?.slice("--from=".length);
      // A number is the index of a stage.
      if (from !== undefined && !/^\d+$/.test(from)) add(from);
    }
  }
  return [...images];
}

/** The instructions as words, the first of them in upper case. */
const instructionsOf = (dockerfile: string): string[][] =>
  dockerfile
    .split(/\r?\n/)
    .filter((line) => !/^\s*#/.test(line))
    .join("\n")
    .replaceAll(/[\\`][ \t]*\n/g, " ")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([instruction = "", ...words]) => [instruction.toUpperCase(), ...words]);

function readArgument(text: string): [name: string, value: string | undefined] {
  const [, name = text, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  return [name, value?.replace(/^(["'])(.*)\1$/, "$2")];
}

/** Text with `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` filled in; undefined when one is not known. */
function filledIn(text: string, known: ReadonlyMap<string, string>): string | undefined {
  const missing: string[] = [];
  const filled = text.replaceAll(
    /\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (_, plain: string | undefined, braced: string | undefined, operator: string | undefined, word = "") => {
      const value = known.get(plain ?? braced ?? "");
      if (operator === "+") return value === undefined || value === "" ? "" : String(word);
      if (operator === "-" && (value === undefined || value === "")) return String(word);
      if (value === undefined) missing.push(plain ?? braced ?? "");
      return value ?? "";
    },
  );
  return missing.length === 0 ? filled : undefined;
}
