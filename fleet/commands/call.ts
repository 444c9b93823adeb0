import { root } from "../setup/environment.ts";
import { UserError } from "../user-error.ts";
import { type FleetOutputs, readOutputs } from "../state/read-outputs.ts";
import { readStacks } from "../../config/read-stacks.ts";
import { type Caller, callFromPod } from "../proof/call-from-pod.ts";
import { start } from "../setup/prepare.ts";
import { openStack, stackNames } from "../state/workspace.ts";

/** What `npm run call` is told. */
export interface CallCommand {
  /** `name: value`, as curl takes them. */
  header: string[];
  /** `namespace/service`. @default the stack's first service */
  from?: string;
}

/**
 * `npm run call`: calls a URL from inside a pod of a stack, and prints status, headers and body.
 *
 * @throws UserError when the stack is not up, there is no such service, or no answer came
 */
export async function call(stackName: string, url: string, { header, from }: CallCommand): Promise<void> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UserError(
      `"${url}" is not an http or https URL: write one such as http://identity-internal:5000/cluster`,
    );
  }
  const headers = header.map(parseHeader);
  await start("tools");
  const known = await stackNames();
  if (!known.includes(stackName)) {
    const { configs } = await readStacks(root);
    throw new UserError(
      configs.has(stackName)
        ? notUp(stackName)
        : `Unknown stack "${stackName}". Known stacks: ${[...configs.keys()].join(", ")}.`,
    );
  }
  const outputs = await readOutputs(await openStack(stackName));
  if (outputs === undefined) throw new UserError(notUp(stackName));

  const { answers } = await callFromPod(caller(outputs, from), url, { headers });
  const [answer] = answers;
  if (answer === undefined || "error" in answer) throw new UserError(`${url}: ${answer?.message ?? "no answer"}`);
  console.log(`HTTP/${answer.version} ${answer.status} ${answer.reason}`);
  for (let at = 0; at < answer.headers.length; at += 2) console.log(`${answer.headers[at]}: ${answer.headers[at + 1]}`);
  console.log(`\n${answer.body}`);
}

/** The pod of a stack that calls: of the service that was asked for, or of the first with an image that is known to have Node. */
export function caller({ services, context }: FleetOutputs, from?: string): Caller {
  const service =
    from === undefined
      ? (services.find(({ image }) => image === undefined) ?? services[0])
      : services.find(({ name, namespace }) => `${namespace}/${name}` === from);
  if (service === undefined) {
    if (services.length === 0) throw new UserError("The stack has no service whose pod could call.");
    const names = services.map(({ name, namespace }) => `${namespace}/${name}`);
    throw new UserError(`No service "${from}" in this stack. Its services: ${names.join(", ")}.`);
  }
  return { context, namespace: service.namespace, deployment: service.name };
}

const notUp = (stack: string) => `Stack ${stack} is not up. Run first: npm run up -- ${stack}`;

function parseHeader(text: string): [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UserError(`"${text}" is not a header: write -H 'name: value'`);
  return [name, value];
}
