// Users' states hold the path of this file (infra/pulumi/lazy-provider.ts), and no import refers to its functions.
import type * as pulumi from "@pulumi/pulumi";
import { CommandError } from "../../host/command.ts";
import { docker, engineUnreachable, tryDocker, unlessUnreachable } from "../../host/docker.ts";
import { portIsFree } from "../../host/port.ts";
import { waitFor } from "../../host/wait.ts";
import { clusterLabel, ownerLabel } from "../ownership/docker-labels.ts";
import { configKey } from "../ownership/owner.ts";
import { registryContainerPort, registryHost } from "./registry-address.ts";

/** The resource's inputs. */
export interface RegistryInputs {
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
  /** `<project>/<stack>`: a container of that name with another owner, or with none, is refused. */
  owner: string;
}

/** The resource's outputs, which the state keeps. */
export interface RegistryOutputs extends RegistryInputs {
  /** What image names start with, such as `localhost:5080`. */
  host: string;
  /** The container's id. */
  container: string;
}

/** The part of `docker container inspect` that is read here. */
interface DockerContainer {
  Id: string;
  State: { Running: boolean };
  Config: { Labels: Record<string, string>; Image: string };
  HostConfig: { PortBindings: Record<string, { HostPort: string }[] | undefined> };
}

/** How long a registry that runs may take until it answers. */
const answerDeadlineSeconds = 60;

/** How long `docker run` may take: the image may have to be pulled. */
const runDeadlineSeconds = 300;

interface RegistryContainer {
  id: string;
  running: boolean;
  owner: string | undefined;
  image: string;
  port: string | undefined;
}

/** Finds what would fail, before anything is made. */
export async function check(
  olds: Partial<RegistryInputs>,
  news: RegistryInputs,
): Promise<pulumi.dynamic.CheckResult<RegistryInputs>> {
  const failures: pulumi.dynamic.CheckFailure[] = [];
  const container = await unlessUnreachable(inspect(news.name));
  if (container && container.owner !== news.owner) {
    failures.push({ property: "name", reason: foreignContainerMessage(news) });
  }
  const needsPort = container ? olds.port !== undefined && olds.port !== news.port : true;
  if (needsPort && !(await portIsFree(news.port))) {
    const key = configKey(news.owner, "cluster.httpPort");
    const remedy = `Stop what listens there, or choose another ${key}: the registry's port follows it`;
    failures.push({
      property: "port",
      reason: `port ${news.port} of 127.0.0.1, for the registry, is taken. ${remedy}`,
    });
  }
  return { inputs: news, failures };
}

/** Compares the inputs with the last ones, and with what the Docker engine has now. */
export async function diff(
  _id: string,
  olds: RegistryOutputs,
  news: RegistryInputs,
): Promise<pulumi.dynamic.DiffResult> {
  const properties = ["name", "cluster", "image", "port", "network"] as const;
  const replaces: string[] = properties.filter((key) => olds[key] !== news[key]);
  const container = await unlessUnreachable(inspect(olds.name));
  // null: the container is gone, and with it the pushed images. undefined: no engine answers, so nothing is known.
  if (container === null || (container && container.id !== olds.container)) replaces.push("container");
  return { changes: replaces.length > 0 || container?.running === false, replaces, deleteBeforeReplace: true };
}

/** @throws Error when a container of that name is not this stack's, or does not answer */
export async function create(inputs: RegistryInputs): Promise<pulumi.dynamic.CreateResult<RegistryOutputs>> {
  const present = await inspect(inputs.name);
  if (present && present.owner !== inputs.owner) throw new Error(foreignContainerMessage(inputs));
  const fits = present?.image === inputs.image && present.port === String(inputs.port);
  if (present && !fits) await removeContainer(inputs.name);
  if (!fits) await runContainer(inputs);
  return { id: inputs.name, outs: await startRegistry(inputs) };
}

/** Starts the registry. */
export async function update(
  _id: string,
  _olds: RegistryOutputs,
  news: RegistryInputs,
): Promise<pulumi.dynamic.UpdateResult<RegistryOutputs>> {
  return { outs: await startRegistry(news) };
}

/** Returns no id when the container is gone. */
export async function read(id: string, props?: RegistryOutputs): Promise<pulumi.dynamic.ReadResult<RegistryOutputs>> {
  const container = await inspect(id);
  return container && props ? { id, props: { ...props, container: container.id } } : {};
}

async function remove(id: string, props: RegistryOutputs): Promise<void> {
  const container = await inspect(id);
  if (container?.owner !== props.owner) return;
  await removeContainer(id);
  await forgetImages(props.host);
}
export { remove as delete };

/** Removes the names of the images that were pushed to a registry from the engine, where they would pile up. */
async function forgetImages(host: string): Promise<void> {
  const format = "{{.Repository}} {{.Tag}} {{.Digest}}";
  const listed = await docker(["images", "--digests", `--filter=reference=${host}/*`, "--format", format]);
  const names = listed.split("\n").filter(Boolean).flatMap(referencesIn);
  if (names.length === 0) return;
  // Layers stay, since another stack may be building on them right now; so does an image that a container uses.
  const { error } = await tryDocker(["image", "rm", "--no-prune", ...new Set(names)]);
  if (error !== undefined && engineUnreachable(error)) throw error;
}

/** The image's names in a line of the list: by tag, and by digest. */
function referencesIn(line: string): string[] {
  const [repository, tag, digest] = line.split(" ");
  const all = [
    [":", tag],
    ["@", digest],
  ];
  return all.flatMap(([separator, value]) => (value === "<none>" ? [] : `${repository}${separator}${value}`));
}

async function runContainer({ name, cluster, image, port, network, owner }: RegistryInputs): Promise<void> {
  const labels = { [clusterLabel]: cluster, [ownerLabel]: owner };
  const options = [
    "--detach",
    "--restart=always",
    `--name=${name}`,
    `--network=${network}`,
    `--publish=127.0.0.1:${port}:${registryContainerPort}`,
    ...Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`),
  ];
  await docker(["run", ...options, image], { deadlineSeconds: runDeadlineSeconds });
}

async function startRegistry(inputs: RegistryInputs): Promise<RegistryOutputs> {
  await docker(["start", inputs.name]);
  const host = registryHost(inputs.port);
  await waitFor(`the registry at ${host}`, answerDeadlineSeconds, async () => {
    const answer = await fetch(`http://127.0.0.1:${inputs.port}/v2/`, { signal: AbortSignal.timeout(2000) });
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
  });
  const container = await inspect(inputs.name);
  if (!container) {
    throw new Error(`the registry's container ${inputs.name} went away while it started; run the command again`);
  }
  return { ...inputs, host, container: container.id };
}

const removeContainer = (name: string) => docker(["rm", "--force", "--volumes", name]);

/** @returns null when there is no such container */
async function inspect(name: string): Promise<RegistryContainer | null> {
  try {
    const [found] = JSON.parse(await docker(["container", "inspect", name])) as DockerContainer[];
    if (!found) return null;
    return {
      id: found.Id,
      running: found.State.Running,
      owner: found.Config.Labels[ownerLabel],
      image: found.Config.Image,
      port: found.HostConfig.PortBindings[`${registryContainerPort}/tcp`]?.[0]?.HostPort,
    };
  } catch (error) {
    if (error instanceof CommandError && /no such container/i.test(error.stderr)) return null;
    throw error;
  }
}

const foreignContainerMessage = ({ name, owner }: RegistryInputs) =>
  `a container named "${name}" exists and is not this stack's registry. ` +
  `Remove it yourself (docker rm -f ${name}), or choose another ${configKey(owner, "cluster.name")}`;
