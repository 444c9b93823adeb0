import { readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheEntry } from "../core/cache.ts";
import { run } from "../core/command.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { contentKey } from "../core/content-key.ts";
import { inspectMachine, which } from "../core/machine.ts";
import type { Artifact } from "../go/artifact.ts";

/** The tester of servers against slow clients: the one on the PATH, or Debian's, without installing it. */
export function slowhttptest(): Artifact {
  const name = "slowhttptest";
  const present = which(name);
  const entry = present === undefined ? cacheEntry(name, "debian", contentKey(name, process.arch)) : dirname(present);
  return {
    name,
    entry,
    file: join(entry, name),
    knownSeconds: 10,
    make: (_go, folder, log) => unpackDebian(name, folder, log),
  };
}

/** Takes a package's program out of it; Debian itself has the libraries. */
async function unpackDebian(name: string, folder: string, log: string): Promise<void> {
  const { apt, root } = inspectMachine();
  if (!apt)
    throw new ToolchainError(
      `There is no ${name} on the PATH: install it (brew install ${name}, or your system's package).`,
    );
  const download = () => run("apt-get", ["download", name], { log, cwd: folder });
  await download().catch(async (failure: unknown) => {
    if (!root) throw failure;
    await run("apt-get", ["update"], { log }); // a new machine knows no packages
    await download();
  });
  const [archive = ""] = (await readdir(folder)).filter((file) => file.endsWith(".deb"));
  const unpacked = join(folder, "unpacked");
  await run("dpkg-deb", ["--extract", join(folder, archive), unpacked], { log });
  await rename(join(unpacked, "usr", "bin", name), join(folder, name));
  await rm(unpacked, { recursive: true });
  await rm(join(folder, archive));
}
