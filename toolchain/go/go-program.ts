import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { freemem } from "node:os";
import { join } from "node:path";
import { cacheEntry } from "../core/cache.ts";
import { contentKey, hashOwnFolder } from "../core/content-key.ts";
import { output, runLogged } from "../core/logged-command.ts";
import { ownFile } from "../core/paths.ts";

/** A program that Go builds from modules. */
export interface GoProgram {
  /** The name of the executable. */
  name: string;
  version: string;
  /** A package that a module of ours (`modules/<module>`) has or requires, or one to `go install` by its path. */
  source: { module: string; package: string } | { install: string };
  /** Go variables that the linker sets, by their full names. @default none */
  variables?: Record<string, string>;
  /** JSON files of a required module that the program embeds; `schema.json` also gets its version. @default none */
  embeds?: { module: string; folder: string; files: string[] };
  /** The system that it runs on. @default this machine's */
  system?: "linux";
  /** How long building it takes on two cores, after the programs that stand before it in the list. */
  knownSeconds: number;
}

/** All programs are built with the same flags, so that the Go build cache serves what they have in common. */
const flags = ["-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false"];

/** The program's folder in the cache, which may not exist yet. */
export function programEntry(program: GoProgram): string {
  return cacheEntry(program.name, program.version, programKey(program));
}

/** The path of the executable in the cache. */
export function programFile(program: GoProgram): string {
  return join(programEntry(program), program.name);
}

/** The key of everything that the program is made from. */
export function programKey({ name, version, source, variables, embeds, system }: GoProgram): string {
  const files = "module" in source ? hashOwnFolder(ownFile("go", "modules", source.module)) : "";
  return contentKey(name, version, source, variables, embeds, files, flags, system ?? process.platform, process.arch);
}

/** Builds the program into a folder. `go` is the path of the go command. */
export async function buildProgram(program: GoProgram, go: string, folder: string, log: string): Promise<void> {
  const linked = Object.entries(program.variables ?? {}).map(([name, value]) => ` -X ${name}=${value}`);
  const common = [...flags, `-ldflags=-s -w${linked.join("")}`];
  const env = buildEnvironment(program);
  if ("install" in program.source) {
    const target = `${program.source.install}@v${program.version}`;
    await runLogged(go, ["install", ...common, target], { log, cwd: folder, env: { ...env, GOBIN: folder } });
    return;
  }
  const source = join(folder, "source");
  await cp(ownFile("go", "modules", program.source.module), source, { recursive: true });
  await copyEmbedded(program, source, go);
  const args = ["build", "-mod=readonly", ...common, "-o", join(folder, program.name), program.source.package];
  await runLogged(go, args, { log, cwd: source, env });
  await rm(source, { recursive: true });
}

function buildEnvironment({ system }: GoProgram): Record<string, string> {
  const env: Record<string, string> = { CGO_ENABLED: "0", GOWORK: "off" };
  if (system !== undefined) env.GOOS = system;
  // A compiler that never collects garbage is faster by a sixth. This much memory is enough for two of the largest.
  const enoughBytes = 6 * 1024 ** 3;
  if (freemem() > enoughBytes) env.GOGC = "off";
  return env;
}

async function copyEmbedded({ embeds, version }: GoProgram, source: string, go: string): Promise<void> {
  if (!embeds) return;
  const module = await moduleFolder(go, source, embeds.module);
  for (const name of embeds.files) {
    const content = JSON.parse(await readFile(join(module, embeds.folder, name), "utf8")) as Record<string, unknown>;
    if (name === "schema.json") content.version = version;
    await writeFile(join(source, name), JSON.stringify(content));
  }
}

/**
 * The folder of a module in Go's module cache, after downloading it if need be.
 *
 * @param source a folder; if it is a module's, `module` may be one that it requires, without a version
 */
export async function moduleFolder(go: string, source: string, module: string): Promise<string> {
  const listed = await output(go, ["mod", "download", "-json", module], source);
  return (JSON.parse(listed) as { Dir: string }).Dir;
}
