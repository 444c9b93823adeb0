import { isPlainObject } from "../../host/plain-object.ts";
import type { ProcessFacts } from "../../host/process-alive.ts";

/** A lock, as Pulumi's file backend writes it. */
export interface Lock {
  pid: number;
  hostname: string;
  username: string;
  /** When it was written. */
  timestamp: Date;
}

/** Reads a lock file; undefined when it is none, for example because its writer was killed. */
export function parseLock(text: string): Lock | undefined {
  try {
    const content: unknown = JSON.parse(text);
    if (!isPlainObject(content)) return undefined;
    const { pid, hostname, username, timestamp } = content;
    if (typeof pid !== "number" || typeof hostname !== "string") return undefined;
    const user = typeof username === "string" ? username : "?";
    return { pid, hostname, username: user, timestamp: new Date(String(timestamp)) };
  } catch {
    return undefined;
  }
}

/** What is known of this machine and the lock's process. */
export interface LockContext {
  /** This machine's name. */
  hostname: string;
  /** Whether a process of the lock's number runs here. */
  running: boolean;
  /** What is known of that process. @default nothing */
  process?: ProcessFacts;
}

/** The clock may be set, and a process writes its lock a moment after it was started. */
const toleranceMilliseconds = 5000;

/**
 * True when the process that wrote the lock has ended for certain: it ran on this machine, and either no process has its
 * number now, or one that is not the writer.
 */
export function isDead(lock: Lock, { hostname, running, process: now }: LockContext): boolean {
  // Another machine, or a container, may share the folder.
  if (lock.hostname !== hostname) return false;
  if (!running) return true;
  if (now === undefined) return false;
  // The number was given anew, after the process ended or the machine was started again.
  if (!/^pulumi/.test(now.program)) return true;
  return now.startedAt.getTime() > lock.timestamp.getTime() + toleranceMilliseconds;
}

/**
 * What to say of a stack that is locked, on one line for each lock; undefined when Pulumi's message is about something
 * else.
 */
export function lockedMessage(pulumiMessage: string): string | undefined {
  if (!/currently locked by/.test(pulumiMessage)) return undefined;
  const pattern = /(\S+\/locks\/\S+): created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g;
  const lines = [...pulumiMessage.matchAll(pattern)].map(([, path = "", user, host, pid, time]) => {
    const stack = path.split("/").at(-2) ?? "STACK";
    const remedy = `(eval "$(npm run -s env)"; pulumi cancel --yes --stack ${stack})`;
    return (
      `The stack is locked by process ${pid} of ${user} on ${host}, since ${time} (${path.replace(/^file:\/\//, "")}). ` +
      `Wait for it. If it has ended, release the lock: ${remedy}`
    );
  });
  return lines.length > 0 ? [...new Set(lines)].join("\n") : undefined;
}
