import { copyFile, cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder } from "../../../host/temporary-folder.ts";
import { images } from "../../../versions.ts";
import { downloadPackage } from "../../core/apt.ts";
import { contentKey, hashOwnFolder } from "../../core/content-key.ts";
import { runLogged } from "../../core/logged-command.ts";
import { ownFile } from "../../core/paths.ts";
import { dockerHub, type Image, needsDebian } from "../image.ts";
import { importImage } from "../import-image.ts";
import { copyLibraries } from "../shared-libraries.ts";

const rootFiles = ownFile("images", "registry", "root");
const program = "docker-registry";

/** The registry of Debian's package docker-registry, at the paths and with the settings of the official image. */
export function registryImage(): Image {
  const key = contentKey(hashOwnFolder(rootFiles), images.registry);
  return {
    name: images.registry,
    key,
    registry: dockerHub,
    artifacts: [],
    knownSeconds: 5,
    obstacle: needsDebian,
    make: (_machine, log) => make(key, log),
  };
}

async function make(key: string, log: string): Promise<void> {
  await inTemporaryFolder("registry-", async (work) => {
    const root = join(work, "root");
    const unpacked = join(work, "package");
    // The package is only unpacked: installing it would start a registry on this machine.
    await runLogged("dpkg-deb", ["-x", await downloadPackage(program, work, log), unpacked], { log });
    await cp(rootFiles, root, { recursive: true });
    for (const path of ["bin", "tmp", "var/lib/registry"]) await mkdir(join(root, path), { recursive: true });
    const executable = join(unpacked, "usr", "bin", program);
    await copyFile(executable, join(root, "bin", "registry"));
    await copyLibraries(executable, root);
    const changes = [
      "EXPOSE 5000",
      "VOLUME /var/lib/registry",
      'ENTRYPOINT ["/bin/registry", "serve"]',
      'CMD ["/etc/docker/registry/config.yml"]',
    ];
    await importImage(root, { name: images.registry, key, changes, log });
  });
}
