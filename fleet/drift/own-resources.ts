import type * as pulumi from "@pulumi/pulumi";
import * as mark from "../../infra/kind/mark-provider.ts";
import * as cluster from "../../infra/kind/provider.ts";
import * as registry from "../../infra/registry/provider.ts";
import { presentIn, type StateResource } from "../state/read-resources.ts";

type Diff = (id: string, olds: never, news: never) => Promise<pulumi.dynamic.DiffResult>;

/** How Pulumi's engine finds out whether our own resources are as they were, by type. */
const diffs: Readonly<Record<string, Diff | "in the state alone">> = {
  "pulumi-nodejs:dynamic/kind:Cluster": cluster.diff,
  "pulumi-nodejs:dynamic/kind:Mark": mark.diff,
  "pulumi-nodejs:dynamic/kind:Registry": registry.diff,
  "pulumi-nodejs:dynamic/kind:Owner": "in the state alone",
};

/** The types of resources whose difference is found otherwise: see drift-of.ts, or stack-inputs.ts. */
const foundOtherwise = /^(kubernetes:|pulumi:|fleet:|docker:index\/image:Image$)/;

/**
 * Whether the containers that a stack's state has are as it says: asks what Pulumi's engine would ask, without starting
 * it.
 */
export async function containersAreAsRecorded(resources: readonly StateResource[]): Promise<boolean> {
  const results = await Promise.all(presentIn(resources).map(isAsRecorded));
  return results.every(Boolean);
}

async function isAsRecorded({ urn, type, inputs, outputs }: StateResource): Promise<boolean> {
  if (foundOtherwise.test(type)) return true;
  const diff = diffs[type];
  if (diff === undefined) return false;
  if (diff === "in the state alone") return true;
  try {
    return (await diff(urn, outputs as never, inputs as never)).changes === false;
  } catch {
    return false; // Pulumi's engine will say what is wrong.
  }
}
