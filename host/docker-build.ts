import type { CommandError } from "./command.ts";

/** What `docker build` makes an image from. */
export interface DockerBuild {
  /** The folder whose files it may use. */
  context: string;
  /** @default the context's `Dockerfile` */
  dockerfile?: string;
  /** A stage of the Dockerfile. @default the last one */
  target?: string;
  /** @default none */
  args?: Readonly<Record<string, string>>;
  /** Such as `linux/amd64`. @default the engine's */
  platform?: string;
}

/**
 * What follows `docker build` for an image. It is the same for everybody who builds one, so that all make the same.
 *
 * @param names with tags; the image gets all of them
 */
export function buildArguments(build: DockerBuild, names: readonly string[]): string[] {
  const { context, dockerfile, target, args = {}, platform } = build;
  const options = names.map((name) => `--tag=${name}`);
  if (dockerfile !== undefined) options.push(`--file=${dockerfile}`);
  if (platform !== undefined) options.push(`--platform=${platform}`);
  if (target !== undefined) options.push(`--target=${target}`);
  for (const [name, value] of Object.entries(args)) options.push(`--build-arg=${name}=${value}`);
  return [...options, context];
}

/** The platform of an engine on this machine, as Pulumi's docker plugin takes it. */
export const machinePlatform = (): string => `linux/${process.arch === "x64" ? "amd64" : process.arch}`;

/** An image's name without its tag. The number after a registry's colon is its port, not a tag. */
export function repositoryOf(imageName: string): string {
  return imageName.replace(/:[^:/]+$/, "");
}

/** Finds an image's digest in the repository that it was pushed to. @throws Error when there is none */
export function digestOf(imageName: string, digests: readonly string[]): string {
  const digest = digests.find((candidate) => candidate.startsWith(`${repositoryOf(imageName)}@`));
  if (digest !== undefined) return digest;
  throw new Error(`${imageName} was pushed, but Docker knows no digest of it, only ${JSON.stringify(digests)}.`);
}

/** The last lines of a failed build or push that are shown. */
export const shownBuilderLines = 20;

/**
 * The last lines of what a build or a push printed; what became of it if it printed nothing. The command itself is not
 * named: build arguments may be secret.
 */
export function lastLinesOf({ output, summary }: Pick<CommandError, "output" | "summary">): string {
  const lines = withoutAdvice(output).trimEnd().split("\n").slice(-shownBuilderLines).join("\n");
  return lines === "" ? summary.replace(/^.*\s(was ended|exited with|E[A-Z]{3,})/s, "$1") : lines;
}

/** What a builder printed, without its advice to install another builder, which explains no failure. */
export const withoutAdvice = (output: string): string =>
  output.replace(/^DEPRECATED: The legacy builder[^\n]*\n(?:[ \t]+[^\n]*\n)*\n?/m, "");
