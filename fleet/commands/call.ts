import { readFile } from "node:fs/promises";
import { text as readText } from "node:stream/consumers";
import { readStacks } from "../../config/read-stacks.ts";
import { upCommand } from "../../config/wording.ts";
import { strangersLines, strangersText } from "../../host/strangers-text.ts";
import { type Answer, callFromPod } from "../proof/call-from-pod.ts";
import { callingService } from "../proof/caller.ts";
import { withProbes } from "../proof/probes.ts";
import { projectFolder } from "../setup/folders.ts";
import { prepare } from "../setup/prepare.ts";
import { refuseOtherCluster } from "../state/cluster-target.ts";
import { readOutputs } from "../state/read-outputs.ts";
import { unlockKubeconfigs } from "../state/secret-kubeconfigs.ts";
import { openStack, stackNames } from "../state/workspace.ts";
import { UserError } from "../user-error.ts";

/** The longest part of a body that is read, in bytes: the pod has to keep it in its memory. */
const longestBody = 4 * 1024 * 1024;

/** Options of `npm run call`. */
export interface CallCommandOptions {
  /** Each as `name: value`, or `@file` with one a line, or `@-` for the standard input, as for curl. */
  header: string[];
  /** `namespace/service`. @default the first service with the stack's own image, or else the first */
  from?: string;
}

/**
 * `npm run call`: calls a URL from inside a pod of a stack, and prints status, headers and body.
 *
 * @throws UserError when the stack is not up, there is no such service, or no answer came
 */
export async function call(stackName: string, url: string, { header, from }: CallCommandOptions): Promise<void> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UserError(
      `"${url}" is not an http or https URL: write one such as http://identity-internal:5000/cluster`,
    );
  }
  const headers = await readHeaders(header);
  await prepare("tools");
  const known = await stackNames();
  if (!known.includes(stackName)) throw await notKnown(stackName);
  await unlockKubeconfigs([stackName]);
  const outputs = await readOutputs(await openStack(stackName));
  if (outputs === undefined) throw notUp(stackName);

  await refuseOtherCluster(stackName, outputs);
  const service = callingService(outputs, from);
  const { answers } = await withProbes(async (probes) =>
    callFromPod(await probes.callerFor(outputs, service), url, { headers, longestBody }),
  );
  const [answer] = answers;
  if (answer === undefined || "error" in answer) {
    throw new UserError(`${url}: ${strangersText(answer?.message ?? "no answer")}`);
  }
  print(answer);
}

/** Prints an answer: to a terminal without what that would obey, and anywhere else byte by byte. */
function print({ version, status, reason, headers, body, cut }: Answer): void {
  const lines = [`HTTP/${version} ${status} ${reason}`];
  for (let index = 0; index < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}`);
  const head = `${lines.join("\n")}\n\n`;
  if (process.stdout.isTTY) {
    process.stdout.write(`${strangersLines(head + body.toString("utf8"))}\n`);
  } else {
    // Header values are Latin-1.
    process.stdout.write(head, "latin1");
    process.stdout.write(body);
  }
  if (cut) console.error(`\nThe body is longer: it was cut after ${longestBody / 1024 / 1024} MiB.`);
}

async function notKnown(stackName: string): Promise<UserError> {
  const { configs } = await readStacks(projectFolder);
  if (configs.has(stackName)) return notUp(stackName);
  return new UserError(`Unknown stack "${stackName}". Known stacks: ${[...configs.keys()].join(", ")}.`);
}

const notUp = (stack: string) => new UserError(`Stack ${stack} is not up. Run first: ${upCommand(stack)}`);

/** Reads headers as they were given, from files where those are named: a command line can be read by anybody. */
async function readHeaders(given: readonly string[]): Promise<[string, string][]> {
  const lines = await Promise.all(given.map(async (text) => (text.startsWith("@") ? linesOf(text.slice(1)) : [text])));
  return lines.flat().map(parseHeader);
}

async function linesOf(file: string): Promise<string[]> {
  try {
    const text = file === "-" ? await readText(process.stdin) : await readFile(file, "utf8");
    return text.split(/\r?\n/).filter((line) => line.trim() !== "");
  } catch (error) {
    throw new UserError(`The headers can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseHeader(text: string): [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  // What has a colon may hold a secret after it.
  throw new UserError(`"${text.replace(/:.*/, ": …")}" is not a header: write -H 'name: value'`);
}
