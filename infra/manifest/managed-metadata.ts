import type * as pulumi from "@pulumi/pulumi";
import { isPlainObject } from "../../host/plain-object.ts";
import { partOfLabel } from "./labels.ts";

/**
 * The name under which the API server records which fields are ours (`metadata.managedFields`). Pulumi would make one up
 * for each object and keep it in the state, and an object whose state was lost could then never be changed cleanly: the
 * fields of the lost name would stay.
 */
const fieldManager = "kind-fleet";

/**
 * How Pulumi applies an object of ours: fields that something else changed meanwhile (`kubectl scale`, a lost state) are
 * taken over, where Pulumi would stop at the conflict.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
const applyAnnotations = { "pulumi.com/patchForce": "true" };

/**
 * An object of which a field is left to others stays with the manager that it has: Pulumi gives up everything that was
 * applied under the former name, and a number of replicas that nobody applies any more becomes 1.
 */
const managerAnnotations = ({ ignoreChanges = [] }: pulumi.CustomResourceOptions) =>
  ignoreChanges.length === 0 ? { "pulumi.com/patchFieldManager": fieldManager } : {};

/** Marks every Kubernetes object of ours, by its label and by how it is applied. A pod's template stays as it is. */
export const managedMetadata: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (!type.startsWith("kubernetes:")) return undefined;
  const { metadata, ...rest } = props as { metadata: Record<string, unknown> };
  const labels = { ...asObject(metadata.labels), ...partOfLabel };
  const annotations = { ...asObject(metadata.annotations), ...applyAnnotations, ...managerAnnotations(opts) };
  return { props: { ...rest, metadata: { ...metadata, labels, annotations } }, opts };
};

const asObject = (value: unknown) => (isPlainObject(value) ? value : {});
