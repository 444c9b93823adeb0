import { type Mirrors, MirrorsError, readMirrors } from "../../host/mirrors.ts";
import { ToolchainError } from "./toolchain-error.ts";

/** The mirrors that are set on this machine. @throws ToolchainError when they can't be used */
export function mirrors(): Mirrors {
  try {
    return readMirrors();
  } catch (error) {
    if (error instanceof MirrorsError) throw new ToolchainError(error.message, { cause: error });
    throw error;
  }
}
