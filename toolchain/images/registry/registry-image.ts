import { cp, copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../core/command.ts";
import { ToolchainError } from "../../core/toolchain-error.ts";
import { contentKey, hashOwnFolder } from "../../core/content-key.ts";
import { ownFile } from "../../core/paths.ts";
import { images } from "../../../versions.ts";
import type { Image } from "../image.ts";
import { needsDebian } from "../image.ts";
import { importImage } from "../import-image.ts";
import { copyLibraries } from "../shared-libraries.ts";

const folder = ownFile("images", "registry", "root");
const debianPackage = "docker-registry";

/** The registry as Debian builds it, laid out like the official image. The package is unpacked, never installed. */
export function registryImage(): Image {
  const key = contentKey(hashOwnFolder(folder), images.registry);
  return {
    name: images.registry,
    key,
    registry: "https://registry-1.docker.io/v2/",
    artifacts: [],
    knownSeconds: 5,
    obstacle: needsDebian,
    make: (_machine, log) => make(key, log),
  };
}

async function make(key: string, log: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "registry-"));
  try {
    const root = join(work, "root");
    const unpacked = join(work, "package");
    await download(work, log);
    await run("dpkg-deb", ["-x", await debIn(work), unpacked], { log });
    await cp(folder, root, { recursive: true });
    for (const path of ["bin", "tmp", "var/lib/registry"]) await mkdir(join(root, path), { recursive: true });
    const program = join(unpacked, "usr", "bin", "docker-registry");
    await copyFile(program, join(root, "bin", "registry"));
    await copyLibraries(program, root);
    await importImage(root, images.registry, key, [
      "EXPOSE 5000",
      "VOLUME /var/lib/registry",
      'ENTRYPOINT ["/bin/registry", "serve"]',
      'CMD ["/etc/docker/registry/config.yml"]',
    ]);
  } finally {
    await rm(work, { recursive: true });
  }
}

/** The package lists may be missing or old; they are brought up to date only then. */
async function download(folder: string, log: string): Promise<void> {
  try {
    await run("apt-get", ["download", debianPackage], { log, cwd: folder });
  } catch {
    await run("apt-get", ["update"], { log });
    await run("apt-get", ["download", debianPackage], { log, cwd: folder });
  }
}

async function debIn(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.endsWith(".deb"));
  if (name === undefined) throw new ToolchainError(`apt-get downloaded no package ${debianPackage}.`);
  return join(folder, name);
}
