import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import { asUserError } from "./as-user-error.ts";
import { stateFile } from "./backend-files.ts";
import { kubeconfigFile } from "./secret-kubeconfigs.ts";

/** A resource in a stack's state, as far as it is read here. */
export interface StateResource {
  urn: string;
  /** The type token, such as `kubernetes:apps/v1:Deployment`. */
  type: string;
  /** What the program asked for. Secrets in it are encrypted. */
  inputs?: Record<string, unknown>;
  /** What the provider returned. Secrets in it are encrypted. */
  outputs?: Record<string, unknown>;
  /** True while the resource waits to be deleted, once its replacement is made. @default false */
  delete?: boolean;
}

/** What was under way when Pulumi was killed. */
export interface PendingOperation {
  resource: StateResource;
}

/** A stack's state, as far as it is read here. */
export interface StackState {
  /** The same for as long as nothing in it changes. */
  version: string;
  resources: StateResource[];
  pendingOperations: PendingOperation[];
}

/** The content of a state, as Pulumi writes it. */
interface Deployment {
  resources?: StateResource[];
  pending_operations?: PendingOperation[];
}

/** The file of a stack's state, as the file backend writes it. */
interface Checkpoint {
  checkpoint: { latest?: Deployment };
}

/** Those of a state's resources that don't wait to be deleted. */
export const presentIn = (resources: readonly StateResource[]): StateResource[] =>
  resources.filter((resource) => resource.delete !== true);

/** The resource of one of our own types, of which a stack has only one; undefined when there is none. */
export const ownResource = (
  resources: readonly StateResource[],
  type: "kind:Owner" | "kind:Cluster" | "kind:Registry" | "existing:Cluster",
): StateResource | undefined => resources.find((resource) => resource.type === `pulumi-nodejs:dynamic/${type}`);

/**
 * A stack's state.
 *
 * Reads the file of a local state itself: starting Pulumi for it would take most of a second.
 *
 * @throws UserError when Pulumi can't read it
 */
export async function readState(stack: Stack): Promise<StackState> {
  const { deployment, text } = await readDeployment(stack);
  const { resources: all = [], pending_operations: pendingOperations = [] } = deployment;
  const resources = all.map((resource) => withKubeconfigFile(resource, stack.name));
  return { resources, pendingOperations, version: createHash("sha256").update(text).digest("hex") };
}

async function readDeployment(stack: Stack): Promise<ReadDeployment> {
  const { name: project } = await stack.workspace.projectSettings();
  return (await readLocalDeployment(project, stack.name)) ?? (await exportDeployment(stack));
}

/** The record of a cluster that others made, with the path of its kubeconfig also where that is secret. */
function withKubeconfigFile(resource: StateResource, stack: string): StateResource {
  if (resource.type !== "pulumi-nodejs:dynamic/existing:Cluster") return resource;
  const kubeconfig = kubeconfigFile(stack, resource.outputs?.kubeconfig as string | undefined);
  return { ...resource, outputs: { ...resource.outputs, kubeconfig } };
}

async function exportDeployment(stack: Stack): Promise<ReadDeployment> {
  const deployment = ((await asUserError(stack.exportStack())).deployment ?? {}) as Deployment;
  return { deployment, text: JSON.stringify(deployment) };
}

/** What Pulumi writes in place of a secret. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** A stack's outputs, with secrets as the state has them. The Automation API starts Pulumi twice for them. */
export async function readStackOutputs(stack: Stack): Promise<OutputMap> {
  const { deployment } = await readDeployment(stack);
  const outputs = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const secret = typeof value === "object" && value !== null && secretMark in value;
      return [name, { value, secret }];
    }),
  );
}

/** A state's content, and the text that it was read from. */
interface ReadDeployment {
  deployment: Deployment;
  text: string;
}

async function readLocalDeployment(project: string, stack: string): Promise<ReadDeployment | undefined> {
  const file = stateFile(project, stack);
  const text = file === undefined ? undefined : await readFile(file, "utf8").catch(() => undefined);
  return text === undefined
    ? undefined
    : { deployment: (JSON.parse(text) as Checkpoint).checkpoint.latest ?? {}, text };
}
