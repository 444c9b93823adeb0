import { basename, dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/stack-config.ts";
import { extraFile } from "./extra-file.ts";

/** What a stack's own resources are made with. */
export interface ExtraContext {
  /** The stack's configuration, checked, and with the defaults filled in. */
  config: StackConfig;
  /** The provider of the stack's cluster. */
  provider: k8s.Provider;
  /**
   * The options that every resource in the cluster needs: the provider, and that it goes together with the cluster.
   * Pass them on, with `dependsOn` for what has to be there first.
   */
  options: pulumi.ComponentResourceOptions;
  /** The namespace of that name, with its policies: made the first time that somebody asks, and the same from then on. */
  namespace: (name: string) => pulumi.Resource;
}

/** What a file with a stack's own resources exports by default. */
export type Extra = (context: ExtraContext) => void | Promise<void>;

/**
 * The resources that users add to a stack; see {@link extraFile}.
 *
 * @throws RunError when the file does not export a function by default
 */
export async function loadExtra(stack: string): Promise<Extra | undefined> {
  const file = extraFile(dirname(import.meta.dirname), stack);
  if (file === undefined) return undefined;
  // eslint-disable-next-line no-restricted-syntax -- the file is the user's, and need not be there
  const loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
  if (typeof loaded.default === "function") return loaded.default as Extra;
  const example = "export default function extra({ options }: ExtraContext) { … }";
  throw new pulumi.RunError(`stacks/${basename(file)} exports nothing by default: write ${example}`);
}
