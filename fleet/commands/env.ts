import { readStacks } from "../../config/read-stacks.ts";
import { quote } from "../../host/shell.ts";
import { projectFolder } from "../setup/folders.ts";
import { localBackend } from "../setup/local-backend.ts";
import { prepare } from "../setup/prepare.ts";
import { createStacks } from "../state/workspace.ts";

/**
 * `npm run env`: prints the variables of setup/environment.ts for a POSIX shell. On the local backend it also creates
 * the stacks, since plain `pulumi up -s STACK` needs them to exist.
 */
export async function env(): Promise<void> {
  const variables = await prepare("tools");
  const { configs } = await readStacks(projectFolder);
  if (process.env.PULUMI_BACKEND_URL === localBackend) await createStacks([...configs.keys()]);
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quote(value)}`);
}
