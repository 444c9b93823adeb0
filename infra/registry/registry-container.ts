import { CommandError } from "../../host/command.ts";
import { docker } from "../../host/docker.ts";
import { type Claim, isOurs, type Knowledge } from "../ownership/claim.ts";
import { clusterLabel, imagesLabel, labelOptions } from "../ownership/docker-labels.ts";
import { labelsOf, type MarkedOwner, type Owner, ownerFromLabels } from "../ownership/owner.ts";
import { defaultImages, forgetImages } from "./pushed-images.ts";
import { registryContainerPort, registryHost } from "./registry-address.ts";

/** A container under a registry's name. */
export interface StandingRegistry {
  id: string;
  running: boolean;
  /** When it was made. */
  since: string;
  owner: MarkedOwner | undefined;
  image: string;
  /** The host's port. */
  port: string | undefined;
  /** The repositories that its stack pushes, as far as the container's labels tell. */
  images: readonly string[];
}

/** What a registry's container is made from. */
export interface RegistrySpec {
  /** The container's name, which is also its name on the network. */
  name: string;
  /** The cluster that pulls from it. */
  cluster: string;
  /** Such as `registry:2.8.2`. */
  image: string;
  /** The host's port, on loopback. */
  port: number;
  /** The Docker network of the cluster's nodes. */
  network: string;
  /** The repositories that the stack pushes, such as `identity`. */
  images: string[];
}

/** The part of `docker container inspect` that is read here. */
interface DockerContainer {
  Id: string;
  Created: string;
  State: { Running: boolean };
  Config: { Labels: Record<string, string>; Image: string };
  HostConfig: { PortBindings: Record<string, { HostPort: string }[] | undefined> };
}

/** How long `docker run` may take: the image may have to be pulled. */
const runDeadlineSeconds = 300;

/** The container under a registry's name; null when there is none. */
export async function inspectRegistry(name: string): Promise<StandingRegistry | null> {
  try {
    const [found] = JSON.parse(await docker(["container", "inspect", name])) as DockerContainer[];
    if (!found) return null;
    return {
      id: found.Id,
      running: found.State.Running,
      since: found.Created,
      owner: ownerFromLabels(found.Config.Labels),
      image: found.Config.Image,
      port: found.HostConfig.PortBindings[`${registryContainerPort}/tcp`]?.[0]?.HostPort,
      images: found.Config.Labels[imagesLabel]?.split(",") ?? defaultImages,
    };
  } catch (error) {
    if (error instanceof CommandError && /no such container/i.test(error.stderr)) return null;
    throw error;
  }
}

/** Whose the container is. */
export function claimOfRegistry(standing: StandingRegistry | null, known: Knowledge): Claim {
  if (standing === null) return { by: "nobody" };
  const { owner, since, id } = standing;
  if (owner === undefined) return { by: "strangers" };
  return isOurs(owner, id, known) ? { by: "us" } : { by: "others", owner, since, halfMade: false };
}

/** Starts a new container. */
export async function runRegistry(spec: RegistrySpec, owner: Owner): Promise<void> {
  const { name, cluster, image, port, network, images } = spec;
  const options = [
    "--detach",
    "--restart=always",
    `--name=${name}`,
    `--network=${network}`,
    `--publish=127.0.0.1:${port}:${registryContainerPort}`,
    ...labelOptions({ [clusterLabel]: cluster, [imagesLabel]: images.join(","), ...labelsOf(owner) }),
  ];
  await docker(["run", ...options, image], { deadlineSeconds: runDeadlineSeconds });
}

/** Removes the container, with what was pushed to it. */
export async function removeRegistry(name: string): Promise<void> {
  await docker(["rm", "--force", "--volumes", name]);
}

/**
 * Removes the container, and the engine's names of the images that its stack pushed, if it is ours, or another fleet's
 * that the user asked for to be taken.
 *
 * @returns whether there was anything to remove
 */
export async function removeOwnRegistry(name: string, known: Knowledge, adopts: boolean): Promise<boolean> {
  const standing = await inspectRegistry(name);
  const claim = claimOfRegistry(standing, known);
  if (standing === null || (claim.by !== "us" && !(claim.by === "others" && adopts))) return false;
  await removeRegistry(name);
  if (standing.port !== undefined) await forgetImages(registryHost(Number(standing.port)), standing.images);
  return true;
}
