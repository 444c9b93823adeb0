import { placeHere } from "../../infra/ownership/place.ts";
import type { Owner } from "../../infra/ownership/owner.ts";

/** An owner for what a test makes without a stack. */
export const testOwner = (stack: string, facts: Partial<Owner> = {}): Owner => ({
  fleet: `fleet-of-${stack}`,
  project: "identity",
  stack,
  ...placeHere(),
  ...facts,
});
