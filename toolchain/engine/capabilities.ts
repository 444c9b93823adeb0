import { readFileSync } from "node:fs";

/** The number of CAP_SYS_RESOURCE in Linux. */
const sysResource = 24n;

/** Whether root lacks a right that privileged containers ask for; their runtime then has to be told. */
export function lacksResourceRight(status: string = readFileSync("/proc/self/status", "utf8")): boolean {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return bounding !== undefined && (BigInt(`0x${bounding}`) & (1n << sysResource)) === 0n;
}
