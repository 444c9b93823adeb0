import { pathToFileURL } from "node:url";
import { stateFolder } from "./folders.ts";

/** The URL of the local state, which is used unless `PULUMI_BACKEND_URL` or Pulumi.yaml names another backend. */
export const localBackend = pathToFileURL(stateFolder).href;

/**
 * The passphrase of local states that an earlier version made. It is public: the mode of the state's folder protects
 * their secrets. It is used neither for another backend nor for a new state; see local-passphrase.ts.
 */
export const localPassphrase = "identity-fleet-local";

/** Whether the environment leaves it at the local state. */
export const isLocalBackend = (env: NodeJS.ProcessEnv = process.env): boolean =>
  (env.PULUMI_BACKEND_URL || localBackend) === localBackend;
