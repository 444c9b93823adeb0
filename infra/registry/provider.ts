import type * as pulumi from "@pulumi/pulumi";
import { CommandError, docker, engineUnreachable } from "../../host/command.ts";
import { clusterLabel } from "../kind/cluster-state.ts";
import { portIsFree } from "../../host/port.ts";
import { waitFor } from "../../host/wait.ts";

/** What the engine hands to the provider. */
export interface RegistryInputs {
  /** The container's name, and its name on the network. */
  name: string;
  /** The cluster that it serves. */
  cluster: string;
  image: string;
  /** The host's port, on loopback. */
  port: number;
  /** The Docker network of the cluster's nodes. */
  network: string;
  /** `<project>/<stack>` */
  owner: string;
}

/** What the engine keeps. */
export interface RegistryOutputs extends RegistryInputs {
  /** What image names start with, for example `localhost:5080`. */
  host: string;
  container: string;
}

const ownerLabel = "kind-fleet.owner";

interface Container {
  id: string;
  running: boolean;
  owner: string | undefined;
  image: string;
  port: string | undefined;
}

export async function check(
  olds: Partial<RegistryInputs>,
  news: RegistryInputs,
): Promise<pulumi.dynamic.CheckResult<RegistryInputs>> {
  const failures: pulumi.dynamic.CheckFailure[] = [];
  const container = await inspectOrUnknown(news.name);
  if (container && container.owner !== news.owner)
    failures.push({ property: "name", reason: foreignMessage(news.name) });
  const takesPort = container ? olds.port !== undefined && olds.port !== news.port : true;
  if (takesPort && !(await portIsFree(news.port))) {
    const reason = `port ${news.port} of 127.0.0.1, for the registry, is taken. Stop what listens there, or choose another identity:cluster.httpPort: the registry's port follows it`;
    failures.push({ property: "port", reason });
  }
  return { inputs: news, failures };
}

export async function diff(
  _id: string,
  olds: RegistryOutputs,
  news: RegistryInputs,
): Promise<pulumi.dynamic.DiffResult> {
  const replaces: string[] = (["name", "cluster", "image", "port", "network"] as const).filter(
    (key) => olds[key] !== news[key],
  );
  const container = await inspectOrUnknown(olds.name);
  // undefined: no engine answers, so nothing is known; null: it is gone, and with it what was pushed.
  if (container === null || (container && container.id !== olds.container)) replaces.push("container");
  return { changes: replaces.length > 0 || container?.running === false, replaces, deleteBeforeReplace: true };
}

export async function create(inputs: RegistryInputs): Promise<pulumi.dynamic.CreateResult<RegistryOutputs>> {
  const present = await inspect(inputs.name);
  if (present && present.owner !== inputs.owner) throw new Error(foreignMessage(inputs.name));
  if (present && (present.image !== inputs.image || present.port !== String(inputs.port)))
    await removeContainer(inputs.name);
  if (!present || present.image !== inputs.image || present.port !== String(inputs.port)) await start(inputs);
  return { id: inputs.name, outs: await bringUp(inputs) };
}

export async function update(
  _id: string,
  _olds: RegistryOutputs,
  news: RegistryInputs,
): Promise<pulumi.dynamic.UpdateResult<RegistryOutputs>> {
  return { outs: await bringUp(news) };
}

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

/** Takes the names of what was pushed here off the engine's own copies, which would pile up with every registry. */
async function forgetImages(host: string): Promise<void> {
  const listed = await docker([
    "images",
    "--digests",
    `--filter=reference=${host}/*`,
    "--format",
    "{{.Repository}} {{.Tag}} {{.Digest}}",
  ]);
  const names = listed
    .split("\n")
    .filter(Boolean)
    .flatMap((line) => {
      const [repository, tag, digest] = line.split(" ");
      return [
        [":", tag],
        ["@", digest],
      ].flatMap(([mark, value]) => (value === "<none>" ? [] : `${repository}${mark}${value}`));
    });
  if (names.length === 0) return;
  // Their layers stay where another stack builds on them at this moment. One that a container uses stays, too.
  await docker(["image", "rm", "--no-prune", ...new Set(names)]).catch((failure: unknown) => {
    if (!(failure instanceof CommandError) || engineUnreachable(failure)) throw failure;
  });
}

async function start(inputs: RegistryInputs): Promise<void> {
  const labels = { [clusterLabel]: inputs.cluster, [ownerLabel]: inputs.owner };
  await docker(
    [
      "run",
      "--detach",
      "--restart=always",
      `--name=${inputs.name}`,
      `--network=${inputs.network}`,
      `--publish=127.0.0.1:${inputs.port}:5000`,
      ...Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`),
      inputs.image,
    ],
    { deadline: 300 },
  ); // The image may have to be pulled.
}

async function bringUp(inputs: RegistryInputs): Promise<RegistryOutputs> {
  await docker(["start", inputs.name]);
  const host = `localhost:${inputs.port}`;
  await waitFor(`the registry at ${host}`, 60, async () => {
    const answer = await fetch(`http://127.0.0.1:${inputs.port}/v2/`, { signal: AbortSignal.timeout(2000) });
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
  });
  const container = await inspect(inputs.name);
  if (!container)
    throw new Error(`the registry's container ${inputs.name} went away while it started; run the command again`);
  return { ...inputs, host, container: container.id };
}

const removeContainer = (name: string) => docker(["rm", "--force", "--volumes", name]);

/** @returns null when there is no such container */
async function inspect(name: string): Promise<Container | null> {
  try {
    const [found] = JSON.parse(await docker(["container", "inspect", name])) as DockerContainer[];
    if (!found) return null;
    return {
      id: found.Id,
      running: found.State.Running,
      owner: found.Config.Labels[ownerLabel],
      image: found.Config.Image,
      port: found.HostConfig.PortBindings["5000/tcp"]?.[0]?.HostPort,
    };
  } catch (failure) {
    if (failure instanceof CommandError && /no such container/i.test(failure.stderr)) return null;
    throw failure;
  }
}

/** The part of `docker container inspect` that is read here. */
interface DockerContainer {
  Id: string;
  State: { Running: boolean };
  Config: { Labels: Record<string, string>; Image: string };
  HostConfig: { PortBindings: Record<string, { HostPort: string }[] | undefined> };
}

/** Previews work without an engine: then nothing is known of what is there. */
async function inspectOrUnknown(name: string): Promise<Container | null | undefined> {
  try {
    return await inspect(name);
  } catch (failure) {
    if (engineUnreachable(failure)) return undefined;
    throw failure;
  }
}

const foreignMessage = (name: string) =>
  `a container named "${name}" exists and is not this stack's registry. Remove it yourself (docker rm -f ${name}), or choose another identity:cluster.name`;
