import { join } from "node:path";
import { cacheEntry } from "../../core/cache.ts";
import { output, run } from "../../core/command.ts";
import { contentKey, hashOwnFile } from "../../core/content-key.ts";
import { which } from "../../core/machine.ts";
import { ownFile } from "../../core/paths.ts";
import type { Artifact } from "../../go/artifact.ts";

const suite = "trixie";
const recipe = ownFile("images", "node", "recipe", "userland.sh");
const packages = ownFile("images", "node", "recipe", "packages.txt");

/** The Debian that a node stands on, as an archive. */
export function nodeUserland(): Artifact {
  const name = "node-userland";
  const entry = cacheEntry(name, suite, contentKey(suite, hashOwnFile(recipe), hashOwnFile(packages)));
  return {
    name,
    entry,
    file: join(entry, "rootfs.tar"),
    knownSeconds: 100,
    async make(_go, folder, log) {
      if (which("debootstrap") === undefined) await installDebootstrap(log);
      const mirror = mirrorIn(await output("apt-get", ["indextargets", "--format", mirrorFormat]));
      const args = [recipe, suite, folder, ...(mirror === undefined ? [] : [mirror])];
      await run("sh", args, { log, stdin: packages });
    },
  };
}

async function installDebootstrap(log: string): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { log, env });
  await run("apt-get", ["install", "-y", "--no-install-recommends", "debootstrap"], { log, env });
}

const mirrorFormat = "$(COMPONENT) $(CODENAME) $(REPO_URI)";

/** The mirror of Debian itself among the sources that apt has, without its updates and security fixes. */
export function mirrorIn(targets: string): string | undefined {
  return targets
    .split("\n")
    .map((line) => line.split(" "))
    .find(
      ([component, codename = "", uri = ""]) =>
        component === "main" && /^[a-z]+$/.test(codename) && /\/debian\/?$/.test(uri),
    )?.[2];
}
