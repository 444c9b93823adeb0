/** Something that the user can solve: the message alone is shown, without a stack trace. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** The command's exit status. */
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}
