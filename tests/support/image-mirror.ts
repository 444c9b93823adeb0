import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseImageReference } from "../../host/image-reference.ts";
import { docker, madeHereLabel, tryDocker } from "../../host/docker.ts";
import { waitFor } from "../../host/wait.ts";
import { ensureNetwork, nodeNetwork, removeEmptyNetwork } from "../../infra/kind/network.ts";
import { clusterLabel } from "../../infra/ownership/docker-labels.ts";
import { images } from "../../versions.ts";
import { freePort } from "./free-port.ts";
import { testOwner } from "./test-owner.ts";
import { removeCluster, throwawayName } from "./throwaway-clusters.ts";

/** A registry that has images of others below a path for each of theirs, for those who log in. */
export interface ImageMirror {
  /** What stands in place of each registry, by its name. */
  mirrors: Record<string, string>;
  /** The same for nodes, which reach it on their network only. */
  nodeMirrors: Record<string, string>;
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

/** Who may use the mirror, and the same as the registry wants it: the password's bcrypt. */
const login = "road:road-secret";
const htpasswd = "road:$2b$04$GXlz1GYomPon8UJf0VWyMOuboVFk5sIJLc26aH3lk4iYwUQl4cOBG\n";

/**
 * Starts a registry as a mirror of all of the fleet's, which wants a login.
 *
 * @param dockerFolder where the docker command's configuration is written, with that login
 */
export async function startImageMirror(dockerFolder: string): Promise<ImageMirror> {
  const name = throwawayName();
  const port = await freePort();
  const host = `localhost:${port}`;
  const auth = Buffer.from(login).toString("base64");
  await mkdir(dockerFolder, { recursive: true });
  const auths = { [host]: { auth }, [`${name}:5000`]: { auth } };
  await writeFile(join(dockerFolder, "config.json"), JSON.stringify({ auths }));
  const passwords = join(dockerFolder, "htpasswd");
  await writeFile(passwords, htpasswd);
  const settings = { AUTH: "htpasswd", AUTH_HTPASSWD_REALM: "mirror", AUTH_HTPASSWD_PATH: "/htpasswd" };
  const options = [
    ...["--name", name, "--label", `${clusterLabel}=${name}`, "--publish", `127.0.0.1:${port}:5000`],
    ...["--volume", `${passwords}:/htpasswd:ro`],
    ...Object.entries(settings).flatMap(([key, value]) => ["--env", `REGISTRY_${key}=${value}`]),
  ];
  await docker(["run", "--detach", ...options, images.registry]);
  await waitFor("the mirror of images", 60, async () => {
    const response = await fetch(`http://${host}/v2/`, { headers: { authorization: `Basic ${auth}` } });
    if (!response.ok) throw new Error(String(response.status));
  });
  await ensureNetwork(testOwner("mirror"));
  await docker(["network", "connect", nodeNetwork, name]);
  const registries = ["docker.io", "gcr.io", "ghcr.io"];
  const below = (place: string) =>
    Object.fromEntries(registries.map((registry) => [registry, `${place}/mirror/${registry}`]));
  const mirrors = below(host);
  return {
    mirrors,
    nodeMirrors: below(`http://${name}:5000`),
    async push(image, asked) {
      const { registry, repository, tag } = parseImageReference(asked);
      const pushed = `${mirrors[registry]}/${repository}:${tag}`;
      // An official image doesn't say that it was made here.
      await docker(["build", "--tag", pushed, "-"], {
        input: `FROM ${image}\nLABEL ${madeHereLabel}=\n`,
        env: { DOCKER_BUILDKIT: "0" },
        deadlineSeconds: pushDeadlineSeconds,
      });
      const env = { DOCKER_CONFIG: dockerFolder };
      await docker(["push", pushed], { env, deadlineSeconds: pushDeadlineSeconds });
      const digests = JSON.parse(await docker(["inspect", "--format", "{{json .RepoDigests}}", pushed])) as string[];
      await tryDocker(["rmi", pushed]);
      const digest = digests
        .find((each) => each.startsWith(`${pushed.slice(0, -1 - (tag ?? "").length)}@`))
        ?.split("@")[1];
      if (digest === undefined) throw new Error(`${pushed} has no digest`);
      return digest;
    },
    async remove() {
      await removeCluster(name);
      await removeEmptyNetwork();
    },
  };
}
