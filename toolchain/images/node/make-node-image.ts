import { execa } from "execa";
import { chmod, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { run } from "../../core/command.ts";
import { ownFile } from "../../core/paths.ts";
import { images, versions } from "../../../versions.ts";
import type { Artifact } from "../../go/artifact.ts";
import { moduleFolder } from "../../go/go-binary.ts";
import { keyLabel } from "../import-image.ts";

/** What a node image is put together from. */
export interface NodeParts {
  userland: Artifact;
  /** Programs on the node's own PATH. */
  commands: Artifact[];
  /** Programs that become images inside it. */
  preloaded: Artifact[];
}

const recipe = ownFile("images", "node", "recipe");
const kubernetes = `v${versions.kubernetes}`;

/** The images' names, as kubeadm, kind's containerd and our own manifest ask for them. */
const preloadedNames = [
  `registry.k8s.io/etcd:${versions.etcd}-0`,
  // kubeadm's name for it; what is inside is the neighbour that shares its modules with Kubernetes.
  "registry.k8s.io/coredns/coredns:v1.12.1",
  `toolchain.local/kube-router:v${versions.kubeRouter}`,
  images.skipper,
  "registry.k8s.io/pause:3.10",
];

const userlandImage = "toolchain.local/node-userland:build";
const baseImage = "toolchain.local/node-base:build";
const container = "toolchain-node-build";

/** Makes the image, and leaves nothing else in the engine. */
export async function makeNodeImage(parts: NodeParts, key: string, go: string, log: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "node-image-"));
  try {
    await removeLeftovers();
    await run("docker", ["import", parts.userland.file, userlandImage], { log });
    await fillContext(work, parts, go);
    await buildBase(work, log);
    await preload(parts, log);
    const changes = ['ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]', "CMD []", `LABEL ${keyLabel}=${key}`];
    await run("docker", ["commit", ...changes.flatMap((change) => ["--change", change]), container, images.node], {
      log,
    });
  } finally {
    await removeLeftovers();
    await rm(work, { recursive: true, force: true });
  }
}

/** The Dockerfile's context. kind's own files come from its Go module. */
async function fillContext(context: string, { commands }: NodeParts, go: string): Promise<void> {
  const kind = await moduleFolder(go, context, `sigs.k8s.io/kind@v${versions.kind}`);
  const files = join(context, "files");
  await cp(join(kind, "images", "base", "files"), files, { recursive: true });
  // The module cache keeps no modes: on a node, folders and what is in a bin folder may be entered and run.
  await run("chmod", ["-R", "u=rwX,go=rX", files], { log: "/dev/null" });
  await run("find", [files, "-path", "*/bin/*", "-type", "f", "-exec", "chmod", "755", "{}", "+"], {
    log: "/dev/null",
  });
  await mkdir(join(context, "bin"));
  for (const { name, file } of commands) {
    await cp(file, join(context, "bin", name));
    await chmod(join(context, "bin", name), 0o755);
  }
  for (const name of ["Dockerfile", "configure.sh", "default-cni.yaml"]) {
    await cp(join(recipe, name), join(context, basename(name)));
  }
}

async function buildBase(context: string, log: string): Promise<void> {
  const values = [`USERLAND=${userlandImage}`, `KUBERNETES_VERSION=${kubernetes}`];
  const args = values.flatMap((value) => ["--build-arg", value]);
  // The engine's own builder sees the engine's own images; others may not.
  await run("docker", ["build", ...args, "--tag", baseImage, context], { log, env: { DOCKER_BUILDKIT: "0" } });
}

/** Runs the base, and has it fill its own containerd. */
async function preload({ preloaded }: NodeParts, log: string): Promise<void> {
  const programs = preloaded.flatMap(({ name, entry }) => ["--volume", `${entry}:/programs/${name}:ro`]);
  const volumes = ["--volume", "/preload", "--volume", `${recipe}:/recipe:ro`, ...programs];
  const sleeping = ["--entrypoint", "sleep", baseImage, "infinity"];
  await run("docker", ["run", "--detach", "--privileged", "--name", container, ...volumes, ...sleeping], { log });
  await run("docker", ["exec", container, "sh", "/recipe/preload.sh", kubernetes, ...preloadedNames], { log });
}

async function removeLeftovers(): Promise<void> {
  await execa("docker", ["rm", "--force", "--volumes", container], { reject: false });
  await execa("docker", ["rmi", "--no-prune", baseImage, userlandImage], { reject: false });
}
