import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { freemem } from "node:os";
import { join } from "node:path";
import { cacheEntry } from "../core/cache.ts";
import { output, run } from "../core/command.ts";
import { contentKey, hashOwnFolder } from "../core/content-key.ts";
import { ownFile } from "../core/paths.ts";

/** A program that Go can build from modules: of a module of ours (`go/<module>`), or one by its public path. */
export interface GoBinary {
  /** What the file is called. */
  name: string;
  version: string;
  source: { module: string; package: string } | { install: string };
  /** Variables that the linker sets. */
  variables?: Record<string, string>;
  /** JSON files of a module that the program embeds; a schema among them is given the program's version. */
  embeds?: { module: string; folder: string; files: string[] };
  /** The system that it runs on. @default this one */
  system?: "linux";
  /** How long it takes from cold on two cores, after those before it. */
  knownSeconds: number;
}

/** The same flags for everything, so that programs share what they have in common. */
const flags = ["-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false"];

/** The cache's folder that holds, or will hold, the program. */
export function binaryEntry(binary: GoBinary): string {
  return cacheEntry(binary.name, binary.version, binaryKey(binary));
}

/** The program's file. */
export function binaryFile(binary: GoBinary): string {
  return join(binaryEntry(binary), binary.name);
}

/** Names all that the program is made from. */
export function binaryKey({ name, version, source, variables, embeds, system }: GoBinary): string {
  const files = "module" in source ? hashOwnFolder(ownFile("go", "modules", source.module)) : "";
  return contentKey(name, version, source, variables, embeds, files, flags, system ?? process.platform, process.arch);
}

/** Builds the program into a folder. */
export async function buildBinary(binary: GoBinary, go: string, folder: string, log: string): Promise<void> {
  const linked = Object.entries(binary.variables ?? {}).map(([name, value]) => ` -X ${name}=${value}`);
  const common = [...flags, `-ldflags=-s -w${linked.join("")}`];
  const env = {
    CGO_ENABLED: "0",
    GOWORK: "off",
    ...(binary.system === undefined ? {} : { GOOS: binary.system }),
    ...compilerMemory(),
  };
  if ("install" in binary.source) {
    const target = `${binary.source.install}@v${binary.version}`;
    await run(go, ["install", ...common, target], { log, cwd: folder, env: { ...env, GOBIN: folder } });
    return;
  }
  const source = join(folder, "source");
  await cp(ownFile("go", "modules", binary.source.module), source, { recursive: true });
  await copyEmbedded(binary, source, go);
  const args = ["build", "-mod=readonly", ...common, "-o", join(folder, binary.name), binary.source.package];
  await run(go, args, { log, cwd: source, env });
  await rm(source, { recursive: true });
}

async function copyEmbedded({ embeds, version }: GoBinary, source: string, go: string): Promise<void> {
  if (!embeds) return;
  const module = await moduleFolder(go, source, embeds.module);
  for (const name of embeds.files) {
    const content = JSON.parse(await readFile(join(module, embeds.folder, name), "utf8")) as Record<string, unknown>;
    await writeFile(join(source, name), JSON.stringify(name === "schema.json" ? { ...content, version } : content));
  }
}

/** Compilers that never collect are faster by a sixth, where there is memory for two of the biggest. */
function compilerMemory(): Record<string, string> {
  const enough = 6 * 1024 ** 3;
  return freemem() > enough ? { GOGC: "off" } : {};
}

/** The folder of a module that one of ours requires, in the module cache. */
export async function moduleFolder(go: string, source: string, module: string): Promise<string> {
  const listed = await output(go, ["mod", "download", "-json", module], source);
  return (JSON.parse(listed) as { Dir: string }).Dir;
}
