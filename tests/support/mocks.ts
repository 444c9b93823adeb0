import { dirname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime/index.js";
import { parseStackConfig, type StackConfig } from "../../config/stack-config.ts";
import { deploy } from "../../stacks/deploy.ts";
import { resolvePeers } from "../../stacks/peers.ts";
import { readStackFiles } from "../../config/stack-files.ts";

/** A resource as the engine was told of it. */
export type Registered = MockResourceArgs;

export const digest = `sha256:${"a".repeat(64)}`;

/** The outputs that no engine is there to give. */
function outputsOf({ type, inputs }: MockResourceArgs): Record<string, unknown> {
  const given = inputs as Record<string, unknown>;
  switch (type) {
    case "pulumi-nodejs:dynamic/kind:Cluster":
      return {
        ...given,
        kubeconfig: "kubeconfig",
        context: `kind-${String(given.name)}`,
        node: `${String(given.name)}-control-plane`,
        incarnation: "one",
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

/** What stack references are answered, by full name. */
export const stackOutputs = new Map<string, Record<string, unknown>>();

/**
 * Runs a program against Pulumi's mocks.
 *
 * @param options.preview whether it is a preview. @default false
 * @returns what was registered, and what the program returned
 */
async function runWithMocks<T>(
  stack: string,
  program: () => T | Promise<T>,
  options: { preview?: boolean } = {},
): Promise<{ resources: Registered[]; result: Awaited<T> }> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        resources.push(args);
        return { id: `${args.name}-id`, state: outputsOf(args) };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
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

const raws = await readStackFiles(dirname(dirname(import.meta.dirname)));

/** The stacks that have a file. */
export const stackNames = [...raws.keys()];

/** What a stack's own file asks for. */
export function configOf(stack: string): StackConfig {
  const raw = raws.get(stack);
  if (raw === undefined) throw new Error(`there is no Pulumi.${stack}.yaml`);
  return parseStackConfig(stack, raw, Object.fromEntries(raws));
}

/** The whole flow of a stack, from its configuration to its outputs. */
export const deployWithMocks = (config: StackConfig, options: { preview?: boolean } = {}) =>
  runWithMocks(config.stack, async () => deploy(config, await resolvePeers(config), "service/dist"), options);

/** The value of an output. */
export const valueOf = <T>(output: pulumi.Input<T>): Promise<T> =>
  new Promise((resolve) => pulumi.output(output).apply((value) => resolve(value as T)));

/** The resources of a type; the last part of its token is enough. */
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
