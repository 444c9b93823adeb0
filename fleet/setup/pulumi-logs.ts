import { lstat, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Set to `true`, it has Pulumi keep its logs, which `pulumi logs` shows and shares. */
const keepVariable = "FLEET_PULUMI_LOGS";

const explanation = `Where this is a file, Pulumi keeps no logs. To have it keep them: ${keepVariable}=true npm run up\n`;

/**
 * Has Pulumi keep no logs of its own, unless the user asks for them. It writes down everything that it does, compressed
 * and encrypted, which is about half of its work; it has no setting for that, and does without where it can't make the
 * folder.
 */
export async function preparePulumiLogs(home: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const place = join(home, "logs");
  const isKept = env[keepVariable] === "true";
  const isFolder = (await lstat(place).catch(() => undefined))?.isDirectory();
  if (isFolder === isKept || (isKept && isFolder === undefined)) return;
  if (isFolder !== undefined) await rm(place, { recursive: true, force: true });
  if (!isKept) await writeFile(place, explanation);
}
