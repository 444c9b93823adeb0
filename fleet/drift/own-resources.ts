import type * as pulumi from "@pulumi/pulumi";
import * as mark from "../../infra/kind/mark-provider.ts";
import * as cluster from "../../infra/kind/provider.ts";
import * as registry from "../../infra/registry/provider.ts";
import type { Survey } from "../state/finding.ts";
import { presentIn, type StateResource } from "../state/read-resources.ts";

/** What a provider says of a resource, whose outputs and inputs are those of the state. */
type Difference = (outputs: never, inputs: never, survey: Survey) => MaybeLater<pulumi.dynamic.DiffResult>;

type MaybeLater<T> = T | Promise<T>;

/** The inputs of all of them, as far as they are read here. */
interface Named {
  name: string;
  cluster: string;
}

/** How it is found out whether our own resources are as they were, by type. */
const differences: Readonly<Record<string, Difference | "in the state alone">> = {
  "pulumi-nodejs:dynamic/kind:Cluster": (olds, news, survey) =>
    cluster.differenceFrom(olds, news, survey.clusters.get((news as Named).name)),
  "pulumi-nodejs:dynamic/kind:Mark": (olds, news, survey) =>
    mark.differenceFrom(olds, news, survey.clusters.get((news as Named).cluster)),
  "pulumi-nodejs:dynamic/kind:Registry": (olds, news, survey) =>
    registry.differenceFrom(olds, news, survey.registries.get((news as Named).name) ?? null),
  "pulumi-nodejs:dynamic/kind:Owner": "in the state alone",
};

/** The types of resources whose difference is found otherwise: see drift-of.ts, or stack-inputs.ts. */
const foundOtherwise = /^(kubernetes:|pulumi:|fleet:|docker:index\/image:Image$)/;

/**
 * Whether the containers that a stack's state has are as it says: asks the providers what Pulumi's engine would ask them,
 * without starting it.
 */
export async function containersAreAsRecorded(resources: readonly StateResource[], survey: Survey): Promise<boolean> {
  const results = await Promise.all(presentIn(resources).map((resource) => isAsRecorded(resource, survey)));
  return results.every(Boolean);
}

async function isAsRecorded({ type, inputs, outputs }: StateResource, survey: Survey): Promise<boolean> {
  if (foundOtherwise.test(type)) return true;
  const difference = differences[type];
  if (difference === undefined) return false;
  if (difference === "in the state alone") return true;
  try {
    return (await difference(outputs as never, inputs as never, survey)).changes === false;
  } catch {
    return false; // Pulumi's engine will say what is wrong.
  }
}
