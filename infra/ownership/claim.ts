import type { MarkedOwner } from "./owner.ts";

/** What a stack's state knows of a thing. */
export interface Knowledge {
  /** The fleet's id. @default the state has none yet */
  fleet?: string;
  /** The container's id: a cluster's control plane, or the registry. @default the state does not have the thing */
  container?: string;
}

/** Whose a thing is that stands, or could stand, under a name. */
export type Claim =
  | { by: "nobody" }
  | { by: "us" }
  | {
      /** Another fleet of this product; also our own whose state is lost. */
      by: "others";
      owner: MarkedOwner;
      /** When it was made. */
      since: string;
      /** It was never completed. */
      halfMade: boolean;
    }
  | {
      /** Another fleet is creating it right now. */
      by: "a creation";
      /** Undefined when an earlier version does it, which doesn't say. */
      owner: MarkedOwner | undefined;
      since: string;
      /** Undefined when that isn't known. */
      pid: number | undefined;
    }
  /** It carries no mark of this product. */
  | { by: "strangers" };

/**
 * Whether a marked thing is ours.
 *
 * A mark of an earlier version names no fleet: then the state must know the very container.
 */
export const isOurs = (mark: MarkedOwner, container: string | undefined, known: Knowledge): boolean =>
  mark.fleet === undefined ? container !== undefined && container === known.container : mark.fleet === known.fleet;
