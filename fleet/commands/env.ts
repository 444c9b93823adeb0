import { localBackend, root } from "../setup/environment.ts";
import { readStacks } from "../../config/read-stacks.ts";
import { start } from "../setup/prepare.ts";
import { makeStacks } from "../state/workspace.ts";

/** `npm run env`: prints the variables for a POSIX shell. Plain `pulumi up -s STACK` needs the stack to exist. */
export async function env(): Promise<void> {
  const variables = await start("tools");
  const { configs } = await readStacks(root);
  if (process.env.PULUMI_BACKEND_URL === localBackend) await makeStacks([...configs.keys()]);
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quote(value)}`);
}

const quote = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
