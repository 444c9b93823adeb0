import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { madeHereLabel, tryDocker } from "../../../host/docker.ts";
import { uninterrupted } from "../../../host/interruption.ts";
import { inTemporaryFolder } from "../../../host/temporary-folder.ts";
import { images, versions } from "../../../versions.ts";
import { dockerLogged, runLogged } from "../../core/logged-command.ts";
import { ownFile } from "../../core/paths.ts";
import type { Artifact } from "../../go/artifact.ts";
import { moduleFolder } from "../../go/go-program.ts";
import { defaultCni, kubeRouterImage } from "./default-cni.ts";

/** What a node image is made from. */
export interface NodeParts {
  userland: Artifact;
  /** Programs on the node's PATH. */
  commands: Artifact[];
  /** Programs of the images that the node image holds. */
  preloaded: Artifact[];
}

const recipe = ownFile("images", "node", "recipe");
const kubernetes = `v${versions.kubernetes}`;

/** The names of images in the node image, as kubeadm, our manifests and kind's containerd ask for them. */
export const preloadedImages = [
  `registry.k8s.io/etcd:${versions.etcd}-0`,
  `registry.k8s.io/coredns/coredns:v${versions.coredns}`,
  kubeRouterImage,
  images.skipper,
  `registry.k8s.io/pause:${versions.pause}`,
];

const userlandImage = "toolchain.local/node-userland:build";
const baseImage = "toolchain.local/node-base:build";
const container = "toolchain-node-build";

/** Makes the image, and leaves nothing else in the engine. `go` is the path of the go command. */
export async function makeNodeImage(parts: NodeParts, key: string, go: string, log: string): Promise<void> {
  try {
    await removeLeftovers();
    await dockerLogged(["import", parts.userland.file, userlandImage], { log });
    await inTemporaryFolder("node-image-", async (context) => {
      await fillContext(context, parts, go, log);
      await buildBase(context, log);
    });
    await preload(parts, log);
    const changes = [
      'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]',
      "CMD []",
      `LABEL ${madeHereLabel}=${key}`,
    ];
    const options = changes.flatMap((change) => ["--change", change]);
    await dockerLogged(["commit", ...options, container, images.node], { log });
  } finally {
    await removeLeftovers();
  }
}

/** Fills the folder that the Dockerfile is built in. */
async function fillContext(context: string, { commands }: NodeParts, go: string, log: string): Promise<void> {
  const kind = await moduleFolder(go, context, `sigs.k8s.io/kind@v${versions.kind}`);
  const files = join(context, "files");
  await cp(join(kind, "images", "base", "files"), files, { recursive: true });
  // Go's module cache keeps no file modes. On a node all users may read these files, and run those in `bin` folders.
  await runLogged("chmod", ["-R", "u=rwX,go=rX", files], { log });
  await runLogged("find", [files, "-path", "*/bin/*", "-type", "f", "-exec", "chmod", "755", "{}", "+"], { log });
  await mkdir(join(context, "bin"));
  for (const { name, file } of commands) {
    await cp(file, join(context, "bin", name));
    await chmod(join(context, "bin", name), 0o755);
  }
  for (const name of ["Dockerfile", "configure.sh"]) await cp(join(recipe, name), join(context, name));
  await writeFile(join(context, "default-cni.yaml"), defaultCni());
}

async function buildBase(context: string, log: string): Promise<void> {
  const values = [`USERLAND=${userlandImage}`, `KUBERNETES_VERSION=${kubernetes}`];
  const args = values.flatMap((value) => ["--build-arg", value]);
  // Without BuildKit: a BuildKit builder may run outside the engine, and would not find the userland's image.
  await dockerLogged(["build", ...args, "--tag", baseImage, context], { log, env: { DOCKER_BUILDKIT: "0" } });
}

/** Runs a container of the base image, which puts the preloaded images into its own containerd. */
async function preload({ preloaded }: NodeParts, log: string): Promise<void> {
  const programs = preloaded.flatMap(({ name, entry }) => ["--volume", `${entry}:/programs/${name}:ro`]);
  const volumes = ["--volume", "/preload", "--volume", `${recipe}:/recipe:ro`, ...programs];
  const sleeping = ["--entrypoint", "sleep", baseImage, "infinity"];
  await dockerLogged(["run", "--detach", "--privileged", "--name", container, ...volumes, ...sleeping], { log });
  await dockerLogged(["exec", container, "sh", "/recipe/preload.sh", kubernetes, ...preloadedImages], { log });
}

/** Removes what this or an interrupted run left in the engine. Docker's failures are ignored: it may have nothing. */
async function removeLeftovers(): Promise<void> {
  const options = { deadlineSeconds: Infinity, signal: uninterrupted };
  await tryDocker(["rm", "--force", "--volumes", container], options);
  await tryDocker(["rmi", "--no-prune", baseImage, userlandImage], options);
}
