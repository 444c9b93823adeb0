import { pathToFileURL } from "node:url";
import { stateFolder } from "./folders.ts";

/** The URL of the local state, which is used unless `PULUMI_BACKEND_URL` names another backend. */
export const localBackend = pathToFileURL(stateFolder).href;

/**
 * The passphrase of the local state's secrets. It is public: the mode of the state's folder protects them. The salt in
 * the committed stack files was made with it. It is not used for any other backend.
 */
export const localPassphrase = "identity-fleet-local";
