import { createHash } from "node:crypto";

/** A version of a service's code, by its content. fleet/dev/in-pod/supervisor.cjs computes the same. */
export const versionOf = (code: string): string => createHash("sha256").update(code).digest("hex").slice(0, 12);
