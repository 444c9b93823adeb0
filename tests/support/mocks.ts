import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime/index.js";
import { parseStackConfig, type StackConfig } from "../../config/stack-config.ts";
import { readStackFiles } from "../../config/stack-files.ts";
import { stackFileName } from "../../config/stack-name.ts";
import { deploy, type Surroundings } from "../../stacks/deploy.ts";
import { planImages } from "../../stacks/images.ts";
import { resolvePeers } from "../../stacks/peers.ts";

/** A resource as a program registered it. */
export type Registered = MockResourceArgs;

/** The digest of every image that the mocks push. */
export const digest = `sha256:${"a".repeat(64)}`;

/** The outputs that stack references find, by the stack's full name. */
const stackOutputs = new Map<string, Record<string, unknown>>();

/** Makes stack references find a staging that is up, with this exposed URL. @default its node's name, no services */
export const exposeStaging = (
  exposedUrl = "http://cluster2-control-plane",
  services: object[] = [],
  caCertificate?: string,
): void => void stackOutputs.set("organization/identity/staging", { exposedUrl, services, caCertificate });

/** Makes stack references find nothing. */
export const exposeNothing = (): void => stackOutputs.clear();

/** A resource's state, which Pulumi's engine and the providers would return. */
function outputsOf({ type, inputs }: MockResourceArgs): Record<string, unknown> {
  const given = inputs as Record<string, unknown>;
  switch (type) {
    case "pulumi-nodejs:dynamic/kind:Owner":
      return { ...given, fleet: "the-fleet" };
    case "pulumi-nodejs:dynamic/kind:Cluster":
      return {
        ...given,
        kubeconfig: "kubeconfig",
        context: `kind-${String(given.name)}`,
        node: `${String(given.name)}-control-plane`,
        incarnation: "one",
        uid: "the-uid",
      };
    case "pulumi-nodejs:dynamic/kind:Registry":
      return { ...given, host: `localhost:${String(given.port)}`, container: "c" };
    case "docker:index/image:Image":
      return { ...given, repoDigest: `${String(given.imageName).replace(/:[^:/]*$/, "")}@${digest}` };
    case "pulumi:pulumi:StackReference":
      return { ...given, outputs: stackOutputs.get(String(given.name)) ?? {} };
    default:
      return given;
  }
}

/** How a program is run. */
interface MockOptions {
  /** Whether to run it as a preview. @default false */
  preview?: boolean;
  /** Whether the backend has never heard of the stacks that it asks for. @default false */
  unknownStacks?: boolean;
  /** The stacks that are brought up beside this one, by name. @default none */
  together?: ReadonlyMap<string, StackConfig>;
}

/**
 * Runs a program against Pulumi's mocks.
 *
 * @returns the resources that it registered, and what it returned
 */
async function runWithMocks<T>(
  stack: string,
  program: () => T | Promise<T>,
  options: MockOptions = {},
): Promise<{ resources: Registered[]; result: Awaited<T> }> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        resources.push(args);
        return { id: `${args.name}-id`, state: outputsOf(args) };
      },
      call: ({ token, inputs }) => {
        const { name } = inputs as { name: string };
        const isUnknown = token === "pulumi:pulumi:readStackOutputs" && options.unknownStacks === true;
        // As Pulumi's engine says it, by gRPC.
        const details = `invocation of ${token} returned an error: unknown stack "${name}"`;
        if (isUnknown) throw Object.assign(new Error(details), { details });
        return inputs as Record<string, unknown>;
      },
    },
    "identity",
    stack,
    options.preview ?? false,
    "organization",
  );
  const result = await program();
  await pulumi.runtime.disconnect();
  return { resources, result };
}

const root = dirname(dirname(import.meta.dirname));
const { raws } = await readStackFiles(root);

/** The stacks that have a file. */
export const stackNames = [...raws.keys()];

/** The configuration in a stack's file. */
export function configOf(stack: string): StackConfig {
  const raw = raws.get(stack);
  if (raw === undefined) throw new Error(`there is no ${stackFileName(stack)}`);
  return parseStackConfig(raw, { stack, project: "identity", siblings: Object.fromEntries(raws) });
}

/** How a stack's program is run. */
interface DeployOptions extends MockOptions {
  /** What it finds besides. @default nothing */
  surroundings?: Partial<Surroundings>;
}

/** Runs a stack's program against the mocks, from its configuration to its outputs. */
export const deployWithMocks = (config: StackConfig, { surroundings, ...options }: DeployOptions = {}) =>
  runWithMocks(
    config.stack,
    async () => {
      const images = planImages(config.services, { folder: root, serviceContext: join(root, "service", "dist") });
      return deploy(config, await resolvePeers(config, options.together), images, { folder: root, ...surroundings });
    },
    options,
  );

/** The value of an output. */
export const valueOf = <T>(output: pulumi.Input<T>): Promise<T> =>
  new Promise((resolve) => pulumi.output(output).apply((value) => resolve(value as T)));

/** The resources of a type, such as `Cluster`: the last part of its type token. */
export const ofType = (resources: readonly Registered[], kind: string) =>
  resources.filter(({ type }) => type.endsWith(`:${kind}`));

/** A Kubernetes resource's inputs, as far as tests read them. */
export interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
}

/** The Kubernetes resources of a kind, by `namespace/name`. */
export function manifests(resources: readonly Registered[], kind: string): Map<string, Manifest> {
  const found = ofType(resources, kind)
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => inputs as Manifest);
  return new Map(found.map((manifest) => [`${manifest.metadata.namespace ?? ""}/${manifest.metadata.name}`, manifest]));
}
