import { readFileSync } from "node:fs";

/** The number of CAP_SYS_RESOURCE in Linux. */
const sysResource = 24n;

/**
 * True when even root lacks CAP_SYS_RESOURCE here, which privileged containers ask for. They start only with an OCI
 * runtime that leaves it out of the request.
 */
export function lacksSysResource(status: string = readFileSync("/proc/self/status", "utf8")): boolean {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return bounding !== undefined && (BigInt(`0x${bounding}`) & (1n << sysResource)) === 0n;
}
