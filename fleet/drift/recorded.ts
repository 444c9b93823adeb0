import { isPlainObject } from "../../host/plain-object.ts";
import { ownResource, presentIn, type StateResource } from "../state/read-resources.ts";
import type { RecordedContent } from "./compare-object.ts";
import type { LostImage, ObjectName } from "./drift.ts";

/** An object as Pulumi recorded it when it last applied it. */
export interface RecordedObject extends ObjectName, RecordedContent {
  uid: string;
}

/** What a stack's state says of what stands. */
export interface Recorded {
  /** The kind cluster; undefined when the state has none. */
  cluster?: {
    name: string;
    /** The id of its control plane's container. */
    incarnation: string;
  };
  /** The registry; undefined when the state has none. */
  registry?: {
    /** What image names start with, such as `localhost:5080`. */
    host: string;
    /** The id of its container. */
    container: string;
    /** Its container's name. */
    name: string;
  };
  objects: RecordedObject[];
  /** The images that were pushed to the registry. */
  images: LostImage[];
}

/** Finds in a stack's state what is compared with what stands. */
export function recordedIn(resources: readonly StateResource[]): Recorded {
  const present = presentIn(resources);
  const cluster = ownResource(present, "Cluster")?.outputs;
  const registry = ownResource(present, "Registry")?.outputs;
  return {
    cluster: cluster && { name: String(cluster.name), incarnation: String(cluster.incarnation) },
    registry: registry && {
      host: String(registry.host),
      container: String(registry.container),
      name: String(registry.name),
    },
    objects: present.flatMap((resource) => recordedObject(resource) ?? []),
    images: present.flatMap((resource) => pushedImage(resource, registry?.host) ?? []),
  };
}

function recordedObject({ urn, type, inputs, outputs }: StateResource): RecordedObject | undefined {
  if (!type.startsWith("kubernetes:") || inputs === undefined || outputs === undefined) return undefined;
  const { apiVersion, kind, metadata } = outputs;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isPlainObject(metadata)) return undefined;
  const { namespace, name, uid } = metadata;
  return {
    urn,
    apiVersion,
    kind,
    namespace: typeof namespace === "string" ? namespace : undefined,
    name: String(name),
    uid: String(uid),
    inputs,
    outputs,
  };
}

/** An image that was pushed to the stack's own registry. */
function pushedImage({ urn, type, outputs }: StateResource, registry: unknown): LostImage | undefined {
  const reference = outputs?.repoDigest;
  if (type !== "docker:index/image:Image" || typeof reference !== "string") return undefined;
  return reference.startsWith(`${String(registry)}/`) ? { urn, reference } : undefined;
}
