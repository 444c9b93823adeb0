import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa, ExecaError } from "execa";
import { z } from "zod";
import { UserError } from "../user-error.ts";

const answer = z.union([
  z.object({ error: z.string(), message: z.string() }),
  z.object({
    status: z.number(),
    reason: z.string(),
    version: z.string(),
    /** Names and values in turn, as they came. */
    headers: z.array(z.string()),
    body: z.string(),
    milliseconds: z.number(),
  }),
]);

const report = z.object({
  /** What the host name resolves to. */
  address: z.string().optional(),
  /** The error's code, when it does not. */
  error: z.string().optional(),
  /** The name that the host name is an alias of. */
  alias: z.string().optional(),
  answers: z.array(answer),
});

/** What one call from a pod came to: an answer, or an error of the network's. */
export type Answer = z.infer<typeof answer>;

/** What calls from a pod came to, with what its host name means there. */
export type CallReport = z.infer<typeof report>;

/** The pod that calls: any of a Deployment. */
export interface Caller {
  /** The kubeconfig context. */
  context: string;
  namespace: string;
  deployment: string;
}

/** How a pod calls. */
export interface CallOptions {
  /** Names and values. @default none */
  headers?: [string, string][];
  /** Requests, one after the other, over one connection. @default 1 */
  times?: number;
  /** Milliseconds that one request may take. @default 10000 */
  deadline?: number;
  /** An authority, as PEM, that is trusted beside those that the world trusts. @default none */
  ca?: string;
}

const script = await readFile(join(import.meta.dirname, "in-pod", "request.cjs"), "utf8");

/**
 * Calls a URL from inside a pod. The service's image has no shell and no curl, but it has Node.
 *
 * @throws UserError when there is no such pod, or it can't be reached
 */
export async function callFromPod(
  { context, namespace, deployment }: Caller,
  url: string,
  options: CallOptions = {},
): Promise<CallReport> {
  const command = ["/nodejs/bin/node", "--eval", script, url, JSON.stringify(options)];
  const deadline = 30_000 + (options.times ?? 1) * (options.deadline ?? 10_000);
  try {
    const { stdout } = await execa(
      "kubectl",
      ["--context", context, "--namespace", namespace, "exec", `deployment/${deployment}`, "--", ...command],
      {
        timeout: deadline,
        stdin: "ignore",
      },
    );
    return report.parse(JSON.parse(stdout));
  } catch (failure) {
    if (!(failure instanceof ExecaError)) throw failure;
    const why = failure.timedOut ? `no answer within ${deadline / 1000} s` : String(failure.stderr);
    throw new UserError(`Can't call from a pod of deployment ${namespace}/${deployment} in ${context}: ${why}`);
  }
}
