import { prepareWithTools } from "../setup/prepare.ts";
import { placeShellPulumi, shellLines } from "../setup/shell.ts";

/** `npm run env`: prints what puts the tools and the state into a POSIX shell, and changes nothing else there. */
export async function env(): Promise<void> {
  const { tools, environment } = await prepareWithTools("tools");
  await placeShellPulumi(tools.bin);
  for (const line of shellLines(tools.bin, environment)) console.log(line);
}
