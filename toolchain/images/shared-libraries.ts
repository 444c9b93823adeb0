import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { output } from "../core/logged-command.ts";

/** Copies the shared libraries that a program needs into a root folder, each to the path where the loader looks. */
export async function copyLibraries(program: string, root: string): Promise<void> {
  for (const library of librariesIn(await output("ldd", [program]))) {
    await mkdir(join(root, dirname(library)), { recursive: true });
    await copyFile(library, join(root, library));
  }
}

/** The paths in what ldd prints, which are lines of `name => /path (address)`, and the loader's `/path (address)`. */
export function librariesIn(listing: string): string[] {
  return listing
    .split("\n")
    .map((line) => /(\/\S+) \(0x/.exec(line)?.[1])
    .filter((path) => path !== undefined);
}
