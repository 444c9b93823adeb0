import { copyFile, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentKey, hashOwnFolder } from "../../core/content-key.ts";
import { ownFile } from "../../core/paths.ts";
import { images } from "../../../versions.ts";
import type { Image } from "../image.ts";
import { needsDebian } from "../image.ts";
import { importImage } from "../import-image.ts";
import { copyLibraries } from "../shared-libraries.ts";

const folder = ownFile("images", "service-base", "root");

/** Node and the libraries that it names, and nothing else: no shell, no package manager, not root. */
export function serviceBaseImage(): Image {
  const key = contentKey(hashOwnFolder(folder), process.version);
  return {
    name: images.serviceBase,
    key,
    registry: "https://gcr.io/v2/",
    artifacts: [],
    knownSeconds: 3,
    obstacle: needsDebian,
    make: () => make(key),
  };
}

async function make(key: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "service-base-"));
  try {
    await cp(folder, root, { recursive: true });
    for (const path of ["nodejs/bin", "tmp", "home/nonroot"]) await mkdir(join(root, path), { recursive: true });
    await copyFile(process.execPath, join(root, "nodejs", "bin", "node"));
    await copyLibraries(process.execPath, root);
    await importImage(root, images.serviceBase, key, [
      "USER 65532",
      "WORKDIR /home/nonroot",
      "ENV PATH=/nodejs/bin",
      'ENTRYPOINT ["/nodejs/bin/node"]',
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
}
