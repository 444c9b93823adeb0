import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { output } from "../core/command.ts";

/** Copies the shared libraries that a program names into a root folder, each where the loader looks for it. */
export async function copyLibraries(program: string, root: string): Promise<void> {
  for (const library of librariesIn(await output("ldd", [program]))) {
    await mkdir(join(root, dirname(library)), { recursive: true });
    await copyFile(library, join(root, library));
  }
}

/** The files that ldd lists: `name => /path (address)`, or the loader's path alone. */
export function librariesIn(listing: string): string[] {
  return listing
    .split("\n")
    .map((line) => /(\/\S+) \(0x/.exec(line)?.[1])
    .filter((path) => path !== undefined);
}
