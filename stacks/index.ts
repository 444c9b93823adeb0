import { dirname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../config/config-error.ts";
import { type RawConfig, rawFromRuntime } from "../config/raw-config.ts";
import { siblingsIn } from "../config/read-stacks.ts";
import { wrapSecrets } from "../config/secret-values.ts";
import { parseStackConfig, type StackConfig } from "../config/stack-config.ts";
import { readStackFiles, StackFileError } from "../config/stack-files.ts";
import { broughtUpTogether } from "../config/together.ts";
import { engineImage } from "../infra/engine-images.ts";
import { ClusterError } from "../infra/existing/cluster-facts.ts";
import { type ClusterSurroundings, lookAtCluster } from "../infra/look-at-cluster.ts";
import { bundleService, type ServiceBundle } from "../service/build.ts";
import { images as clusterImages } from "../versions.ts";
import { deploy } from "./deploy.ts";
import { loadExtra } from "./extra.ts";
import { resolveImages } from "./images.ts";
import type { ProgramOutputs } from "./outputs.ts";
import { resolvePeers } from "./peers.ts";

const projectFolder = dirname(import.meta.dirname);

/** What the process that runs the program may have found out before. */
export interface Known {
  /** The service's bundle. @default it is bundled for this program */
  bundle?: Promise<ServiceBundle>;
  /** What stands. @default it is looked at */
  cluster?: Promise<ClusterSurroundings>;
}

/** Pulumi runs the default export, and makes what it returns the stack's outputs. */
export default async function program(known: Known = {}): Promise<ProgramOutputs> {
  const { config, together } = await readConfig();
  const peers = await resolvePeers(config, together);
  const { context } = await (known.bundle ?? bundleService());
  const cluster = await (known.cluster ?? lookAt(config));
  const images = await resolveImages(config.services, {
    folder: projectFolder,
    serviceContext: context,
    nodesLackSkipper: cluster.nodesLackSkipper,
    mayPull: !pulumi.runtime.isDryRun(),
  });
  return deploy(config, peers, images, {
    folder: projectFolder,
    imageFacts: askedOnce(engineImage),
    ...cluster,
    extra: await loadExtra(config.stack),
  });
}

/** Looks at the cluster. What is wrong with one that exists is the user's to solve. */
async function lookAt({ cluster, services, peers }: StackConfig): Promise<ClusterSurroundings> {
  const namespaces = [...new Set([...services, ...peers].map(({ namespace }) => namespace))];
  try {
    return await lookAtCluster(cluster, namespaces, clusterImages, peers.length > 0);
  } catch (error) {
    if (error instanceof ClusterError) throw new pulumi.RunError(`${error.key}: ${error.message}`);
    throw error;
  }
}

/** Several services may run the same image, and its digest never means another one. */
function askedOnce<T>(ask: (reference: string) => Promise<T>): (reference: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (reference) => {
    const answer = answers.get(reference) ?? ask(reference);
    answers.set(reference, answer);
    return answer;
  };
}

/**
 * The configurations of the stack, and of those that are brought up together with it, checked. Their problems are the
 * user's to solve, and a stack trace would not help.
 */
async function readConfig() {
  const project = pulumi.getProject();
  try {
    const files = await readStackFiles(projectFolder);
    for (const { message } of files.unreadable.values()) void pulumi.log.warn(message);
    const siblings = siblingsIn(files);
    const raw = wrapSecrets(rawFromRuntime(pulumi.runtime.allConfig(), project), siblings[pulumi.getStack()]);
    const parse = (stack: string, of: RawConfig = {}) =>
      parseStackConfig(of, { stack, project, siblings, folder: projectFolder });
    const beside = broughtUpTogether().filter((stack) => stack !== pulumi.getStack());
    return {
      config: parse(pulumi.getStack(), raw),
      together: new Map(beside.map((stack) => [stack, parse(stack, siblings[stack])])),
    };
  } catch (error) {
    if (error instanceof ConfigError || error instanceof StackFileError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
