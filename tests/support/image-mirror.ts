import { parseImageReference } from "../../host/image-reference.ts";
import { docker, tryDocker } from "../../host/docker.ts";
import { waitFor } from "../../host/wait.ts";
import { clusterLabel } from "../../infra/ownership/docker-labels.ts";
import { images } from "../../versions.ts";
import { freePort } from "./free-port.ts";
import { removeCluster, throwawayName } from "./throwaway-clusters.ts";

/** A registry that has images of others below a path for each of theirs. */
export interface ImageMirror {
  /** What stands in place of each registry, by its name. */
  mirrors: Record<string, string>;
  /**
   * Puts an image of the engine there.
   *
   * @param image the image
   * @param name the name that it is asked for by
   * @returns its digest
   */
  push(image: string, name: string): Promise<string>;
  remove(): Promise<void>;
}

/** Compressing and sending a node image takes a while on a busy machine. */
const pushDeadlineSeconds = 300;

/** The label by which the toolchain knows the images that it made itself. */
const keyLabel = "toolchain.key";

/** Starts a registry as a mirror of all of the fleet's. */
export async function startImageMirror(): Promise<ImageMirror> {
  const name = throwawayName();
  const port = await freePort();
  const label = ["--label", `${clusterLabel}=${name}`];
  await docker(["run", "--detach", "--name", name, ...label, "--publish", `127.0.0.1:${port}:5000`, images.registry]);
  const host = `localhost:${port}`;
  await waitFor("the mirror of images", 60, async () => {
    const response = await fetch(`http://${host}/v2/`);
    if (!response.ok) throw new Error(String(response.status));
  });
  const registries = ["docker.io", "gcr.io", "ghcr.io"];
  const mirrors = Object.fromEntries(registries.map((registry) => [registry, `${host}/mirror/${registry}`]));
  return {
    mirrors,
    async push(image, asked) {
      const { registry, repository, tag } = parseImageReference(asked);
      const pushed = `${mirrors[registry]}/${repository}:${tag}`;
      // An official image doesn't say that it was made here.
      await docker(["build", "--tag", pushed, "-"], {
        input: `FROM ${image}\nLABEL ${keyLabel}=\n`,
        env: { DOCKER_BUILDKIT: "0" },
        deadlineSeconds: pushDeadlineSeconds,
      });
      await docker(["push", pushed], { deadlineSeconds: pushDeadlineSeconds });
      const digests = JSON.parse(await docker(["inspect", "--format", "{{json .RepoDigests}}", pushed])) as string[];
      await tryDocker(["rmi", pushed]);
      const digest = digests
        .find((each) => each.startsWith(`${pushed.slice(0, -1 - (tag ?? "").length)}@`))
        ?.split("@")[1];
      if (digest === undefined) throw new Error(`${pushed} has no digest`);
      return digest;
    },
    remove: () => removeCluster(name),
  };
}
