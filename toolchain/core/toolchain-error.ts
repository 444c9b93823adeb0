/** A failure that is shown to the user by its message alone, which says what is wrong and what to do about it. */
export class ToolchainError extends Error {
  override readonly name: string = "ToolchainError";
}
