/** A failure whose message is all that its reader needs: what is wrong, and what to do about it. */
export class ToolchainError extends Error {
  override name = "ToolchainError";
}
