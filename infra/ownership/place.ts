import { hostname, userInfo } from "node:os";
import { dirname } from "node:path";
import type { Place } from "./owner.ts";

/** Where this process works on a fleet. */
export const placeHere = (): Place => ({
  folder: dirname(dirname(import.meta.dirname)),
  user: userName(),
  machine: hostname(),
});

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown"); // A container's user may have a number only.
  }
}
