import { copyFile, cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder } from "../../../host/temporary-folder.ts";
import { digests, images } from "../../../versions.ts";
import { contentKey, hashOwnFolder } from "../../core/content-key.ts";
import { ownFile } from "../../core/paths.ts";
import { type Image, needsDebian } from "../image.ts";
import { importImage } from "../import-image.ts";
import { copyLibraries } from "../shared-libraries.ts";

const rootFiles = ownFile("images", "service-base", "root");

/** The image that services are built on: this machine's Node and its libraries, without a shell, not run as root. */
export function serviceBaseImage(): Image {
  const key = contentKey(hashOwnFolder(rootFiles), process.version);
  return {
    name: images.serviceBase,
    key,
    digest: digests.serviceBase,
    pullBytes: 55e6,
    artifacts: [],
    knownSeconds: 3,
    obstacle: needsDebian,
    make: (_machine, log) => make(key, log),
  };
}

async function make(key: string, log: string): Promise<void> {
  await inTemporaryFolder("service-base-", async (root) => {
    await cp(rootFiles, root, { recursive: true });
    for (const path of ["nodejs/bin", "tmp", "home/nonroot"]) await mkdir(join(root, path), { recursive: true });
    await copyFile(process.execPath, join(root, "nodejs", "bin", "node"));
    await copyLibraries(process.execPath, root);
    const changes = ["USER 65532", "WORKDIR /home/nonroot", "ENV PATH=/nodejs/bin", 'ENTRYPOINT ["/nodejs/bin/node"]'];
    await importImage(root, { name: images.serviceBase, key, changes, log });
  });
}
