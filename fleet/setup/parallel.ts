import { availableParallelism, freemem } from "node:os";

/** What bringing a stack up takes at most by itself: Pulumi, its providers, and the start of a cluster. */
const bytesPerStack = 1.5 * 2 ** 30;

/**
 * How many stacks are worked on at once: as many as there are cores, and two where there is one, since much of it is
 * waiting; fewer where memory is short.
 */
export function defaultParallel(cores: number = availableParallelism(), freeBytes: number = freemem()): number {
  return Math.max(1, Math.min(Math.max(2, cores), Math.floor(freeBytes / bytesPerStack)));
}
