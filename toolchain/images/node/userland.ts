import { join } from "node:path";
import { versions } from "../../../versions.ts";
import { installPackages, updatePackageLists } from "../../core/apt.ts";
import { cacheEntry } from "../../core/cache.ts";
import { contentKey, hashOwnFile } from "../../core/content-key.ts";
import { output, runLogged } from "../../core/logged-command.ts";
import { which } from "../../core/machine.ts";
import { ownFile } from "../../core/paths.ts";
import type { Artifact } from "../../go/artifact.ts";

const recipe = ownFile("images", "node", "recipe", "userland.sh");
const packages = ownFile("images", "node", "recipe", "packages.txt");

/** The Debian that a node image is built on, as an archive of its file system. */
export function nodeUserland(): Artifact {
  const name = "node-userland";
  const suite = versions.debian;
  const entry = cacheEntry(name, suite, contentKey(suite, hashOwnFile(recipe), hashOwnFile(packages)));
  return {
    name,
    entry,
    file: join(entry, "rootfs.tar"),
    knownSeconds: 100,
    async make(_go, folder, log) {
      if (which("debootstrap") === undefined) {
        await updatePackageLists(log);
        await installPackages(["debootstrap"], log);
      }
      const args = [recipe, suite, folder];
      const mirror = mirrorIn(await output("apt-get", ["indextargets", "--format", mirrorFormat]));
      if (mirror !== undefined) args.push(mirror);
      await runLogged("sh", args, { log, inputFile: packages });
    },
  };
}

const mirrorFormat = "$(COMPONENT) $(CODENAME) $(REPO_URI)";

/** The mirror of Debian among apt's sources, in lines of `mirrorFormat`; not that of its updates or security fixes. */
export function mirrorIn(targets: string): string | undefined {
  return targets
    .split("\n")
    .map((line) => line.split(" "))
    .find(
      ([component, codename = "", uri = ""]) =>
        component === "main" && /^[a-z]+$/.test(codename) && /\/debian\/?$/.test(uri),
    )?.[2];
}
