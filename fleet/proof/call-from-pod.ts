import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CommandError } from "../../host/command.ts";
import { kubectl, type KubectlTarget } from "../../host/kubectl.ts";
import { strangersText } from "../../host/strangers-text.ts";
import { UserError } from "../user-error.ts";

/** A call's answer. */
const answerSchema = z.object({
  status: z.number(),
  reason: z.string(),
  version: z.string(),
  /** Names and values in turn, as received. */
  headers: z.array(z.string()),
  /** The body's beginning, in base64. */
  body: z.string(),
  /** Whether the body went on. */
  cut: z.boolean(),
  milliseconds: z.number(),
});

/** What in-pod/request.cjs prints. */
const callReport = z.object({
  /** The address that the host name resolves to. */
  address: z.string().optional(),
  /** The error's code, when it does not resolve. */
  error: z.string().optional(),
  /** The name that the host name is an alias of. */
  alias: z.string().optional(),
  /** The address of {@link CallOptions.alsoResolve}. */
  alsoAddress: z.string().optional(),
  answers: z.array(z.union([z.object({ error: z.string(), message: z.string() }), answerSchema])),
});

/** An answer to one call. */
export interface Answer extends Omit<z.infer<typeof answerSchema>, "body"> {
  body: Buffer;
}

/** A call that got no answer. */
export interface FailedCall {
  /** The error's code. */
  error: string;
  message: string;
}

/** The results of calls from a pod, and what the host name resolves to there. */
export interface CallReport extends Omit<z.infer<typeof callReport>, "answers"> {
  answers: (Answer | FailedCall)[];
}

/** The pod that calls: any one of a Deployment, or a probe in its stead. */
export interface Caller extends KubectlTarget {
  namespace: string;
  deployment: string;
  /** The Job of the probe; see probes.ts. @default none: the Deployment's own pods have Node */
  probe?: string;
}

/** Options of {@link callFromPod}. */
export interface CallOptions {
  /** Names and values. @default none */
  headers?: [string, string][];
  /** Requests, one after the other, over one connection. @default 1 */
  times?: number;
  /** For each request, from the connection to the body's end. @default 10000 */
  deadlineMilliseconds?: number;
  /** No other request is begun after this long. @default as long as the deadlines of all take */
  totalMilliseconds?: number;
  /** The longest part of a body that is read, in bytes: it is kept in the pod's memory. @default 65536 */
  longestBody?: number;
  /** Another host name to resolve there. @default none */
  alsoResolve?: string;
}

/** Node in the images that this project builds. */
export const nodeInImage = "/nodejs/bin/node";

/** The longest part of a body that a proof looks at, in bytes. */
export const longestProvedBody = 64 * 1024;

const script = await readFile(join(import.meta.dirname, "in-pod", "request.cjs"), "utf8");

/**
 * Calls a URL from inside a pod with Node, which is all that it needs.
 *
 * @throws UserError when there is no such pod, or it can't be reached
 */
export async function callFromPod(caller: Caller, url: string, options: CallOptions = {}): Promise<CallReport> {
  const { context, namespace, deployment, probe } = caller;
  const { headers = [], times = 1, deadlineMilliseconds = 10_000, longestBody = longestProvedBody } = options;
  const { totalMilliseconds = times * deadlineMilliseconds, alsoResolve } = options;
  const request = { url, headers, times, deadlineMilliseconds, totalMilliseconds, longestBody, alsoResolve };
  const deadlineSeconds = 30 + (totalMilliseconds + 2 * deadlineMilliseconds) / 1000;
  const pod = probe === undefined ? `deployment/${deployment}` : `job/${probe}`;
  try {
    const args = ["--namespace", namespace, "exec", "--stdin", pod, "--", nodeInImage, "--eval", script];
    const output = await kubectl(caller, args, { deadlineSeconds, input: `${JSON.stringify(request)}\n` });
    const { answers, ...report } = callReport.parse(JSON.parse(output));
    return { ...report, answers: answers.map(decoded) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const why = error.timedOut ? `no answer within ${deadlineSeconds} s` : strangersText(error.stderr);
    throw new UserError(`Can't call from a pod of deployment ${namespace}/${deployment} in ${context}: ${why}`);
  }
}

const decoded = (answer: z.infer<typeof callReport>["answers"][number]): Answer | FailedCall =>
  "error" in answer ? answer : { ...answer, body: Buffer.from(answer.body, "base64") };

/** The first value of a header of an answer. */
export function headerOf({ headers }: Pick<Answer, "headers">, name: string): string | undefined {
  const index = headers.findIndex((text, place) => place % 2 === 0 && text.toLowerCase() === name);
  return index === -1 ? undefined : headers[index + 1];
}
