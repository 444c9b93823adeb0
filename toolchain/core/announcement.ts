import { megabytes } from "./progress.ts";
import type { Step } from "./steps.ts";

const fetching = new Set(["downloading", "pulling", "installing"]);

/**
 * Says, before the first step, what will be fetched and what made, how much that is, and why.
 *
 * @param obstacles why things are made here which others download
 * @param folder where it is kept
 */
export function announcement(steps: readonly Step[], obstacles: readonly string[], folder: string): string[] {
  const fetched = steps.filter(({ doing }) => fetching.has(doing));
  const made = steps.filter(({ doing }) => !fetching.has(doing) && doing !== "starting");
  const lines = [];
  if (fetched.length > 0) lines.push(`To be downloaded, once: ${fetched.map(describe).join(", ")}.${inAll(fetched)}`);
  if (made.length > 0) {
    const reason = obstacles.length === 0 ? "" : `, since ${[...new Set(obstacles)].join("; ")}`;
    const seconds = made.reduce((sum, { knownSeconds = 0 }) => sum + knownSeconds, 0);
    lines.push(`To be made here, once${about(seconds)}${reason}: ${made.map(({ name }) => name).join(", ")}.`);
  }
  // What is installed or started stays with the system.
  const isKept = steps.some(({ doing }) => doing !== "installing" && doing !== "starting");
  if (isKept) lines.push(`All of it is kept in ${folder} and in the Docker engine, for every checkout.`);
  return lines;
}

const describe = ({ name, bytes }: Step): string => (bytes === undefined ? name : `${name} (${megabytes(bytes)})`);

function inAll(steps: readonly Step[]): string {
  const known = steps.filter(({ bytes }) => bytes !== undefined);
  if (known.length < 2) return "";
  const sum = megabytes(known.reduce((total, { bytes = 0 }) => total + bytes, 0));
  return known.length < steps.length ? ` That is more than ${sum} in all.` : ` That is about ${sum} in all.`;
}

function about(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes === 0 ? "" : `, in about ${minutes} ${minutes === 1 ? "minute" : "minutes"} on two cores`;
}
