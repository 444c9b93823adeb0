import { InvalidArgumentError } from "commander";

/** Parses the value of a command line option. @throws InvalidArgumentError unless it is a whole number above 0 */
export function parsePositiveInteger(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("write a whole number above 0");
  return Number(text);
}
