import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { downloadPackage } from "../core/apt.ts";
import { cacheEntry } from "../core/cache.ts";
import { contentKey } from "../core/content-key.ts";
import { runLogged } from "../core/logged-command.ts";
import { inspectMachine, which } from "../core/machine.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import type { Artifact } from "../go/artifact.ts";

/** slowhttptest, which imitates slow clients: the one on the PATH, or that of Debian's package. */
export function slowhttptest(): Artifact {
  const name = "slowhttptest";
  const present = which(name);
  const entry = present === undefined ? cacheEntry(name, "debian", contentKey(name, process.arch)) : dirname(present);
  return {
    name,
    entry,
    file: join(entry, name),
    knownSeconds: 10,
    make: (_go, folder, log) => unpackProgram(name, folder, log),
  };
}

/** Unpacks the program from a package without installing that. The libraries that it needs are Debian's own. */
async function unpackProgram(name: string, folder: string, log: string): Promise<void> {
  const { apt, root } = inspectMachine();
  if (!apt) {
    throw new ToolchainError(
      `There is no ${name} on the PATH: install it (brew install ${name}, or your system's package).`,
    );
  }
  const archive = await downloadPackage(name, folder, log, root);
  const unpacked = join(folder, "unpacked");
  await runLogged("dpkg-deb", ["--extract", archive, unpacked], { log });
  await rename(join(unpacked, "usr", "bin", name), join(folder, name));
  await rm(unpacked, { recursive: true });
  await rm(archive);
}
