import { copyFile, cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder } from "../../../host/temporary-folder.ts";
import { digests, images } from "../../../versions.ts";
import { contentKey, hashOwnFolder } from "../../core/content-key.ts";
import { ownFile } from "../../core/paths.ts";
import { built } from "../../go/artifact.ts";
import { programs } from "../../go/programs.ts";
import type { Image } from "../image.ts";
import { importImage } from "../import-image.ts";

const rootFiles = ownFile("images", "registry", "root");

/** The registry of the CNCF's Distribution project, at the paths and with the settings of the official image. */
export function registryImage(): Image {
  const program = built(programs.registry);
  const key = contentKey(hashOwnFolder(rootFiles), images.registry, program.entry.split("/").at(-1));
  return {
    name: images.registry,
    key,
    digest: digests.registry,
    pullBytes: 20e6,
    artifacts: [program],
    knownSeconds: 2,
    obstacle: () => undefined,
    make: (_machine, log) => make(program.file, key, log),
  };
}

/** The program is linked statically, so the image needs nothing else. */
async function make(program: string, key: string, log: string): Promise<void> {
  await inTemporaryFolder("registry-", async (root) => {
    await cp(rootFiles, root, { recursive: true });
    for (const path of ["bin", "tmp", "var/lib/registry"]) await mkdir(join(root, path), { recursive: true });
    await copyFile(program, join(root, "bin", "registry"));
    const changes = [
      "EXPOSE 5000",
      "VOLUME /var/lib/registry",
      "ENV OTEL_TRACES_EXPORTER=none",
      'ENTRYPOINT ["/bin/registry", "serve"]',
      'CMD ["/etc/distribution/config.yml"]',
    ];
    await importImage(root, { name: images.registry, key, changes, log });
  });
}
