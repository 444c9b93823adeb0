import { titleOf } from "../cluster/object-name.ts";
import { isOfStack, type OwnerFacts } from "./object-owner.ts";
import type { TryKubectl } from "./with-kubeconfig.ts";

/** An object as the API server lists it, as far as it is read here. */
export interface ListedObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: unknown[];
    deletionTimestamp?: string;
  };
}

/** What Kubernetes itself has in every namespace, or makes of what others have in it. */
const ofKubernetes = new Set(["ServiceAccount/default", "ConfigMap/kube-root-ca.crt"]);
const kindsOfKubernetes = new Set(["Event", "Endpoints", "Lease", "PodMetrics"]);

/** What is in a namespace, and is neither the stack's nor Kubernetes' own, for people. What this user may not see is not. */
export async function othersObjects(kubectl: TryKubectl, namespace: string, us: OwnerFacts): Promise<string[]> {
  const { stdout: names } = await kubectl(["api-resources", "--namespaced", "--verbs=list", "--output=name"]);
  const kinds = names.split("\n").filter(Boolean).join(",");
  // Where some kinds are forbidden, the others are printed nevertheless.
  const { stdout } = await kubectl(["get", kinds, "--namespace", namespace, "--ignore-not-found", "--output=json"]);
  const { items } = JSON.parse(stdout === "" ? '{"items":[]}' : stdout) as { items: ListedObject[] };
  return items.filter((object) => isOthers(object, us)).map((object) => titleOf({ ...object, ...object.metadata }));
}

/** Whether an object is somebody's own, and neither the stack's nor made of something else. */
export function isOthers({ kind, metadata }: ListedObject, us: OwnerFacts): boolean {
  const { name, ownerReferences = [], deletionTimestamp } = metadata;
  if (isOfStack({ metadata }, us) || ownerReferences.length > 0 || deletionTimestamp !== undefined) return false;
  return !ofKubernetes.has(`${kind}/${name}`) && !kindsOfKubernetes.has(kind);
}
