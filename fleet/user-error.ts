/** Something that the user can mend: its message is all there is to say. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** The command's exit status. */
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}
