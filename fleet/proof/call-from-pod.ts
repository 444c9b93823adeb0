import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CommandError } from "../../host/command.ts";
import { kubectl, type KubectlTarget } from "../../host/kubectl.ts";
import { UserError } from "../user-error.ts";

/** One call from a pod: an answer, or the error of a call that got none. */
const callResult = z.union([
  z.object({ error: z.string(), message: z.string() }),
  z.object({
    status: z.number(),
    reason: z.string(),
    version: z.string(),
    /** Names and values in turn, as received. */
    headers: z.array(z.string()),
    body: z.string(),
    milliseconds: z.number(),
  }),
]);

/** What in-pod/request.cjs prints. */
const callReport = z.object({
  /** The address that the host name resolves to. */
  address: z.string().optional(),
  /** The error's code, when it does not resolve. */
  error: z.string().optional(),
  /** The name that the host name is an alias of. */
  alias: z.string().optional(),
  answers: z.array(callResult),
});

/** The results of calls from a pod, and what the host name resolves to there. */
export type CallReport = z.infer<typeof callReport>;

/** The pod that calls: any one of a Deployment. */
export interface Caller extends KubectlTarget {
  namespace: string;
  deployment: string;
}

/** Options of {@link callFromPod}. */
export interface CallOptions {
  /** Names and values. @default none */
  headers?: [string, string][];
  /** Requests, one after the other, over one connection. @default 1 */
  times?: number;
  /** For each request. @default 10000 */
  deadlineMilliseconds?: number;
  /** A certificate authority, as PEM, that is trusted in addition to the usual ones. @default none */
  ca?: string;
}

/** Node in the images that this project builds. */
export const nodeInImage = "/nodejs/bin/node";

const script = await readFile(join(import.meta.dirname, "in-pod", "request.cjs"), "utf8");

/**
 * Calls a URL from inside a pod. The service's image has no shell and no curl, but it has Node.
 *
 * @throws UserError when there is no such pod, or it can't be reached
 */
export async function callFromPod(caller: Caller, url: string, options: CallOptions = {}): Promise<CallReport> {
  const { context, namespace, deployment } = caller;
  const { headers = [], times = 1, deadlineMilliseconds = 10_000, ca } = options;
  const argument = JSON.stringify({ headers, times, deadlineMilliseconds, ca });
  const command = [nodeInImage, "--eval", script, url, argument];
  const deadlineSeconds = 30 + (times * deadlineMilliseconds) / 1000;
  try {
    const args = ["--namespace", namespace, "exec", `deployment/${deployment}`, "--", ...command];
    return callReport.parse(JSON.parse(await kubectl(caller, args, { deadlineSeconds })));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const why = error.timedOut ? `no answer within ${deadlineSeconds} s` : error.stderr;
    throw new UserError(`Can't call from a pod of deployment ${namespace}/${deployment} in ${context}: ${why}`);
  }
}
