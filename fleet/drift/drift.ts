import type { ObjectName as NamedObject } from "../../infra/cluster/object-name.ts";
import type { JsonPointer } from "./json-pointer.ts";

/** A Kubernetes object of a stack. */
export interface ObjectName extends NamedObject {
  /** Its name in Pulumi's state. */
  urn: string;
}

/** A value in an object that is no longer what it was when Pulumi last applied it. */
export interface Change {
  /** The place, for people, such as `spec.template.spec.containers[service].image`. */
  path: string;
  /** @default it was not there */
  was?: unknown;
  /** @default it is gone */
  now?: unknown;
  /** The place in the object as it is now, where something was added to it. @default nothing was added */
  addedAt?: JsonPointer;
}

/** What became of an object since Pulumi last applied it. */
export type ObjectDrift = { object: ObjectName } &
  /** `terminating`: its deletion has begun, and is not complete. */
  (
    | { became: "deleted"; terminating: boolean }
    /** Deleted, and made again by something else. */
    | { became: "remade"; changes: Change[] }
    | { became: "changed"; changes: Change[] }
  );

/** An image that was pushed to the stack's registry, which no longer has it. */
export interface LostImage {
  urn: string;
  /** By digest, such as `localhost:5080/identity@sha256:…`. */
  reference: string;
}

/** How what stands differs from what Pulumi recorded when it last applied a stack. */
export interface Drift {
  objects: ObjectDrift[];
  images: LostImage[];
}

/** Whether nothing differs. */
export const isNone = ({ objects, images }: Drift): boolean => objects.length === 0 && images.length === 0;

/** The names in Pulumi's state of everything that differs. */
export const urnsOf = ({ objects, images }: Drift): string[] => [
  ...objects.map(({ object }) => object.urn),
  ...images.map(({ urn }) => urn),
];
