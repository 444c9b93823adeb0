import { readStacks } from "../../config/read-stacks.ts";
import { upCommand } from "../../config/wording.ts";
import { callFromPod } from "../proof/call-from-pod.ts";
import { callerOf } from "../proof/caller.ts";
import { projectFolder } from "../setup/folders.ts";
import { prepare } from "../setup/prepare.ts";
import { readOutputs } from "../state/read-outputs.ts";
import { openStack, stackNames } from "../state/workspace.ts";
import { UserError } from "../user-error.ts";

/** Options of `npm run call`. */
export interface CallCommandOptions {
  /** Each as `name: value`, as for curl. */
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
  const headers = header.map(parseHeader);
  await prepare("tools");
  const known = await stackNames();
  if (!known.includes(stackName)) throw await notKnown(stackName);
  const outputs = await readOutputs(await openStack(stackName));
  if (outputs === undefined) throw notUp(stackName);

  const { answers } = await callFromPod(callerOf(outputs, from), url, { headers });
  const [answer] = answers;
  if (answer === undefined || "error" in answer) throw new UserError(`${url}: ${answer?.message ?? "no answer"}`);
  console.log(`HTTP/${answer.version} ${answer.status} ${answer.reason}`);
  for (let index = 0; index < answer.headers.length; index += 2) {
    console.log(`${answer.headers[index]}: ${answer.headers[index + 1]}`);
  }
  console.log(`\n${answer.body}`);
}

async function notKnown(stackName: string): Promise<UserError> {
  const { configs } = await readStacks(projectFolder);
  if (configs.has(stackName)) return notUp(stackName);
  return new UserError(`Unknown stack "${stackName}". Known stacks: ${[...configs.keys()].join(", ")}.`);
}

const notUp = (stack: string) => new UserError(`Stack ${stack} is not up. Run first: ${upCommand(stack)}`);

function parseHeader(text: string): [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UserError(`"${text}" is not a header: write -H 'name: value'`);
  }
  return [name, value];
}
