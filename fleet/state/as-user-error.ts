import { InterruptedError } from "../../host/interruption.ts";
import { UserError } from "../user-error.ts";
import { userMessageOf } from "./diagnostics.ts";

/** Waits for a call of Pulumi's, and has its failure told in words for users. @throws UserError */
export async function asUserError<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    throw new UserError(userMessageOf(error));
  }
}
