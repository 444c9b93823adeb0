import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder } from "../../../host/temporary-folder.ts";
import { digests, images } from "../../../versions.ts";
import { contentKey } from "../../core/content-key.ts";
import { built } from "../../go/artifact.ts";
import { programs } from "../../go/programs.ts";
import { type Image, needsDebian } from "../image.ts";
import { importImage } from "../import-image.ts";

/** Where Debian keeps the internet's certificate authorities. */
const authorities = "etc/ssl/certs/ca-certificates.crt";

/**
 * Skipper's image, in the engine: for nodes that don't hold it, or another version. The fleet's own registries serve it
 * to them, so that it is pulled once, and not by every node of every new cluster.
 */
export function skipperImage(): Image {
  const program = built(programs.skipper);
  const key = contentKey(images.skipper, program.entry.split("/").at(-1));
  return {
    name: images.skipper,
    key,
    digest: digests.skipper,
    pullBytes: 230e6,
    artifacts: [program],
    knownSeconds: 3,
    obstacle: needsDebian,
    make: (_machine, log) => make(program.file, key, log),
  };
}

async function make(program: string, key: string, log: string): Promise<void> {
  await inTemporaryFolder("skipper-", async (root) => {
    for (const folder of ["usr/bin", "etc/ssl/certs"]) await mkdir(join(root, folder), { recursive: true });
    await copyFile(program, join(root, "usr", "bin", "skipper"));
    await copyFile(`/${authorities}`, join(root, authorities));
    await importImage(root, { name: images.skipper, key, changes: ["USER 65532", "ENV PATH=/usr/bin"], log });
  });
}
