import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { interrupted } from "../../host/interruption.ts";
import { extraFile } from "../../stacks/extra-file.ts";
import { dockerStandIn } from "../../toolchain/index.ts";
import { projectFolder, pulumiHome } from "../setup/folders.ts";
import { temporaryFolderOfPulumi } from "../setup/temporary-folders.ts";

/** How long the plugins may take to start, until Pulumi starts its own. */
const startDeadlineSeconds = 30;

let started: Promise<string | undefined> | undefined;

/** A stack with resources of the user's own has plugins of its own: it may have dynamic resources with other settings. */
const sharesPlugins = (stack: string): boolean => extraFile(projectFolder, stack) === undefined;

/** Starts the plugins that stacks share, if this one shares them, for a later {@link sharePlugins}. */
export function startSharedPluginsFor(stack: string): void {
  if (sharesPlugins(stack)) void startSharedPlugins();
}

/** Has Pulumi use plugins that all stacks of this command share, instead of starting some for each. */
export async function sharePlugins(stack: Stack): Promise<void> {
  if (!sharesPlugins(stack.name)) return;
  const ports = await startSharedPlugins();
  // See "attaching to a provider" in Pulumi's guide to debugging providers.
  if (ports !== undefined) stack.workspace.envVars.PULUMI_DEBUG_PROVIDERS = ports;
}

/**
 * Starts the plugins that stacks share, if that has not been done.
 *
 * @returns each plugin's name and port, as Pulumi reads them; undefined where they can't be started
 */
export function startSharedPlugins(): Promise<string | undefined> {
  started ??= startPlugins().catch(() => undefined);
  return started;
}

async function startPlugins(): Promise<string | undefined> {
  const standIn = await dockerStandIn(pulumiHome);
  // Like Pulumi, in a session of its own: what it does for Pulumi is finished after Ctrl-C, too.
  const child = fork(
    join(import.meta.dirname, "plugin-process.ts"),
    ["none", ...(standIn === undefined ? [] : [standIn])],
    {
      detached: true,
      // Where Pulumi starts them: what is built has paths from there.
      cwd: join(projectFolder, "stacks"),
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, TMPDIR: temporaryFolderOfPulumi() },
    },
  );
  child.unref();
  const message = await firstMessageOf(child);
  child.channel?.unref();
  // Whoever calls a plugin that has ended is told so by Pulumi.
  child.on("error", () => undefined);
  const cancel = () => child.connected && child.send("cancel");
  interrupted.addEventListener("abort", cancel, { once: true });
  if (interrupted.aborted) cancel();
  return Object.entries(message)
    .flatMap(([name, port]) => (port === undefined ? [] : `${name}:${port}`))
    .join(",");
}

/** The ports that the process sends once its plugins listen. @throws Error when it does not; it is ended then */
async function firstMessageOf(child: ChildProcess): Promise<Record<string, number | undefined>> {
  const deadline = AbortSignal.timeout(startDeadlineSeconds * 1000);
  try {
    const [message] = (await Promise.race([
      once(child, "message", { signal: deadline }),
      once(child, "exit", { signal: deadline }).then(() => Promise.reject(new Error("the plugins have ended"))),
    ])) as [Record<string, number | undefined>];
    return message;
  } catch (error) {
    if (child.connected) child.disconnect();
    child.kill("SIGKILL");
    throw error;
  }
}
