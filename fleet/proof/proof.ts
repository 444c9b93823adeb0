import type { LinkProblem } from "./diagnosis.ts";

/** The result of calling an address that a stack promises. `npm run links -- --json` prints those of links. */
export interface Proof {
  /** The URL that was called. */
  what: string;
  /** The caller: `localhost`, or the pod's Deployment and cluster. */
  from: string;
  /** The link's `namespace/alias`. @default none: it is the ingress, from the host */
  alias?: string;
  /** How the link is made. @default none: it is the ingress */
  way?: string;
  /** Where the link leads. @default none: it is the ingress */
  target?: string;
  /** The address that the name resolved to, in the pod. @default none: it did not resolve, or it is the ingress */
  address?: string;
  /** @default none: no answer came */
  status?: number;
  /** The answer's body, which tells who answered. @default none: no answer came */
  answer?: string;
  /** The median of all calls, over one connection, in milliseconds. @default not measured */
  median?: number;
  /** The slowest of them, in milliseconds. @default not measured */
  p99?: number;
  /** What is wrong. @default nothing */
  problem?: string;
  /** At which hop. @default none: nothing is wrong */
  hop?: LinkProblem["hop"];
}

/** How long one call of a proof may take. */
export const callDeadlineMilliseconds = 5000;
