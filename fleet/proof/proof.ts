import type { LinkProblem } from "./diagnosis.ts";

/** The result of calling an address that a stack promises. `npm run links -- --json` prints those of links. */
export interface Proof {
  /** The URL that was called. */
  what: string;
  /** The caller: `localhost`, or the pod's Deployment and cluster. */
  from: string;
  /** The Host header that was sent. @default that of the URL */
  host?: string;
  /** The service that was called, as `namespace/name`. @default none: it is a link */
  service?: string;
  /** The link's `namespace/alias`. @default none: it is a service of the stack itself */
  alias?: string;
  /** How the link is made. @default none: it is no link */
  way?: string;
  /** Where the link leads. @default none: it is no link */
  target?: string;
  /** The address that the name resolved to, in the pod. @default none: it did not resolve, or it is no link */
  address?: string;
  /** @default none: no answer came */
  status?: number;
  /** The answer's body, which tells who answered: cut, on one line. @default none: no answer came */
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
