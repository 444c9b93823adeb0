// Users' states hold the path of this file (infra/pulumi/lazy-resource.ts), and no import refers to most of its functions.
import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { docker, unlessUnreachable } from "../../host/docker.ts";
import { portIsFree } from "../../host/port.ts";
import { waitFor } from "../../host/wait.ts";
import { isAsked } from "../ownership/asked.ts";
import type { Claim } from "../ownership/claim.ts";
import { currentEngine, type Engine } from "../ownership/engine.ts";
import { type Owner, ownerFromState } from "../ownership/owner.ts";
import { configKey, otherEngineRefusal, refusal, registrySubject } from "../ownership/refusal.ts";
import { defaultImages, forgetImages } from "./pushed-images.ts";
import { registryHost } from "./registry-address.ts";
import {
  claimOfRegistry,
  inspectRegistry,
  type RegistrySpec,
  removeOwnRegistry,
  removeRegistry,
  runRegistry,
  type StandingRegistry,
} from "./registry-container.ts";

/** The resource's inputs. */
export interface RegistryInputs extends RegistrySpec {
  /** Who makes it. A change of what is said here is no change of the registry. */
  owner: Owner;
  /** The Docker engine that has the container; {@link check} fills it in. @default no engine answered so far */
  engine?: Engine;
}

/** The resource's outputs, which the state keeps. */
export interface RegistryOutputs extends Omit<RegistryInputs, "owner" | "images"> {
  /** As it was when the container was made; `<project>/<stack>` in states of earlier versions. */
  owner: Owner | string;
  /** @default {@link defaultImages}, in states of earlier versions */
  images?: string[];
  /** What image names start with, such as `localhost:5080`. */
  host: string;
  /** The container's id. */
  container: string;
}

/** How long a registry that runs may take until it answers. */
const answerDeadlineSeconds = 60;

/** Finds what would fail, before anything is made. */
export async function check(
  olds: Partial<RegistryInputs>,
  news: RegistryInputs,
): Promise<pulumi.dynamic.CheckResult<RegistryInputs>> {
  const failures: pulumi.dynamic.CheckFailure[] = [];
  const [container, engine] = await Promise.all([
    unlessUnreachable(inspectRegistry(news.name)),
    unlessUnreachable(currentEngine()),
  ]);
  // Whether a registry that the state has is still ours, diff decides: it also knows which container that was.
  if (container && olds.name !== news.name) {
    const reason = refusalUnlessAdopted(claimOfRegistry(container, news.owner), news.name, news.owner);
    if (reason !== undefined) failures.push({ property: "name", reason });
  }
  const needsPort = container ? olds.port !== undefined && olds.port !== news.port : true;
  if (failures.length === 0 && needsPort && !(await portIsFree(news.port))) {
    const key = configKey(news.owner.project, "cluster.httpPort");
    const remedy = `Stop what listens there, or choose another ${key}: the registry's port follows it`;
    failures.push({
      property: "port",
      reason: `port ${news.port} of 127.0.0.1, for the registry, is taken. ${remedy}`,
    });
  }
  const inputs = { ...news, image: imageFor(olds, news, container) };
  const known = engine ?? olds.engine;
  if (known !== undefined) inputs.engine = known;
  return { inputs, failures };
}

/** The image: a registry that stands, with what was pushed to it, keeps its own until the user asks for the newer one. */
export function imageFor(
  olds: Partial<RegistryInputs>,
  news: RegistryInputs,
  container: Pick<StandingRegistry, "image"> | null | undefined,
): string {
  const isChanged = (["name", "cluster", "port", "network"] as const).some((key) => olds[key] !== news[key]);
  return isAsked("replace") || isChanged || container === null ? news.image : (olds.image ?? news.image);
}

function refusalUnlessAdopted(claim: Claim, name: string, owner: Owner): string | undefined {
  return claim.by === "others" && isAsked("adopt") ? undefined : refusal(claim, registrySubject(name), owner);
}

/**
 * Compares the inputs with the last ones, and with what the Docker engine has now.
 *
 * @throws Error when the container is not ours any more
 */
export async function diff(
  _id: string,
  olds: RegistryOutputs,
  news: RegistryInputs,
): Promise<pulumi.dynamic.DiffResult> {
  return differenceFrom(olds, news, await unlessUnreachable(inspectRegistry(olds.name)));
}

/**
 * Compares the inputs with the last ones, and with what stands.
 *
 * @param container null: there is none under the registry's name; undefined: no engine answers
 * @throws Error when the container is not ours any more
 */
export function differenceFrom(
  olds: RegistryOutputs,
  news: RegistryInputs,
  container: StandingRegistry | null | undefined,
): pulumi.dynamic.DiffResult {
  const properties = ["name", "cluster", "image", "port", "network"] as const;
  const replaces: string[] = properties.filter((key) => olds[key] !== news[key]);
  if (container) {
    const claim = claimOfRegistry(container, { fleet: news.owner.fleet, container: olds.container });
    const message = refusalUnlessAdopted(claim, olds.name, news.owner);
    if (message !== undefined) throw new Error(message);
  }
  // null: the container is gone, and with it the pushed images. undefined: no engine answers, so nothing is known.
  if (container === null || (container && container.id !== olds.container)) replaces.push("container");
  const isSameImages = isDeepStrictEqual(olds.images ?? defaultImages, news.images);
  const changes = replaces.length > 0 || container?.running === false || !isSameImages;
  return { changes, replaces, deleteBeforeReplace: true };
}

/** @throws Error when a container of that name is not this stack's, or does not answer */
export async function create(inputs: RegistryInputs): Promise<pulumi.dynamic.CreateResult<RegistryOutputs>> {
  const present = await inspectRegistry(inputs.name);
  const claim = claimOfRegistry(present, inputs.owner);
  const message = refusalUnlessAdopted(claim, inputs.name, inputs.owner);
  if (message !== undefined) throw new Error(message);
  const fits = claim.by === "us" && present?.image === inputs.image && present.port === String(inputs.port);
  // What another fleet pushed is a cache, and a label can't be changed.
  if (present && !fits) await removeRegistry(inputs.name);
  if (!fits) await runRegistry(inputs, { ...inputs.owner, engine: inputs.engine?.id });
  return { id: inputs.name, outs: await startRegistry(inputs) };
}

/** Starts the registry, and has the engine forget the images that the stack no longer builds. */
export async function update(
  _id: string,
  olds: RegistryOutputs,
  news: RegistryInputs,
): Promise<pulumi.dynamic.UpdateResult<RegistryOutputs>> {
  const outs = await startRegistry(news);
  const gone = (olds.images ?? defaultImages).filter((image) => !news.images.includes(image));
  await forgetImages(olds.host, gone);
  return { outs };
}

/**
 * Keeps a registry whose container is gone, or is another one, in the state, for the next update to replace it: a
 * resource that is forgotten and made anew does not have its images pushed again, as a replaced one does.
 *
 * @throws Error when the state's engine is another one: that is not "gone"
 */
export async function read(id: string, props?: RegistryOutputs): Promise<pulumi.dynamic.ReadResult<RegistryOutputs>> {
  if (props === undefined) return {};
  if ((await inspectRegistry(id)) === null) await refuseOtherEngine(props);
  return { id, props };
}

/** @throws Error when the registry is on another engine */
async function remove(id: string, props: RegistryOutputs): Promise<void> {
  const container = await inspectRegistry(id);
  if (container === null) await refuseOtherEngine(props);
  const known = { fleet: ownerFromState(props.owner).fleet, container: props.container };
  await removeOwnRegistry(id, known, isAsked("adopt"));
  await forgetImages(props.host, props.images ?? defaultImages);
}
export { remove as delete };

async function refuseOtherEngine({ name, engine, owner }: RegistryOutputs): Promise<void> {
  const { thing } = registrySubject(name);
  const message = otherEngineRefusal(thing, engine, await currentEngine(), ownerFromState(owner).stack);
  if (message !== undefined) throw new Error(message);
}

async function startRegistry(inputs: RegistryInputs): Promise<RegistryOutputs> {
  await docker(["start", inputs.name]);
  const host = registryHost(inputs.port);
  await waitFor(`the registry at ${host}`, answerDeadlineSeconds, async () => {
    const answer = await fetch(`http://127.0.0.1:${inputs.port}/v2/`, { signal: AbortSignal.timeout(2000) });
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
  });
  const container = await inspectRegistry(inputs.name);
  if (!container) {
    throw new Error(`the registry's container ${inputs.name} went away while it started; run the command again`);
  }
  return { ...inputs, host, container: container.id };
}
