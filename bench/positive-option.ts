import { InvalidArgumentError } from "commander";

/** Reads an option that counts something. */
export function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("write a whole number above 0");
  return Number(text);
}
