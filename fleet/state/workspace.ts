import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { isRunning } from "../../host/process.ts";
import { localBackend, root } from "../setup/environment.ts";
import { UserError } from "../user-error.ts";

/** Opens a stack of the project, making it if the backend has none of that name. */
export async function openStack(stackName: string): Promise<Stack> {
  const stack = await translated(() => LocalWorkspace.createOrSelectStack({ stackName, workDir: root }));
  await releaseDeadLock(stack);
  return stack;
}

/** Makes the stacks that are missing: a reference to a stack that was never up is then answered, with nothing. */
export async function makeStacks(names: readonly string[]): Promise<void> {
  const present = await stackNames();
  for (const name of names) if (!present.includes(name)) await openStack(name);
}

/** The project's stacks that the backend knows. */
export async function stackNames(): Promise<string[]> {
  const workspace = await LocalWorkspace.create({ workDir: root });
  const stacks = await translated(() => workspace.listStacks());
  return stacks.map(({ name }) => name.split("/").at(-1) ?? name);
}

/** Forgets a stack, and keeps its file. */
export async function removeStack(stack: Stack): Promise<void> {
  await stack.workspace.removeStack(stack.name, { preserveConfig: true });
}

/** Shows what the engine does to a stack as it comes, and collects the errors that it reports. */
export class Diagnostics {
  private readonly errors: string[] = [];

  /** For `up`, `preview` and `destroy`. */
  readonly options = {
    onOutput: (text: string): void => void process.stdout.write(text),
    onEvent: ({ diagnosticEvent }: EngineEvent): void => {
      if (diagnosticEvent?.severity === "error") this.errors.push(plain(diagnosticEvent.message));
    },
    color: process.stdout.isTTY ? "always" : "never",
  } as const;

  /** What to say of an operation that failed. */
  explain(failure: unknown): string {
    const own = this.errors.filter(
      (line) => line !== "" && line !== "update failed" && !line.startsWith("resource registration failed"),
    );
    return own.length > 0 ? [...new Set(own)].join("\n") : briefly(failure);
  }
}

// eslint-disable-next-line no-control-regex -- the escape sequences that colour Pulumi's messages
const plain = (message: string) => message.replace(/<\{%[^%]*%\}>|\u001b\[[\d;]*m/g, "").trim();

/** The part of an Automation API error that a person can use. */
function briefly(failure: unknown): string {
  const text = plain(failure instanceof Error ? failure.message : String(failure));
  if (/incorrect passphrase/i.test(text)) return wrongPassphrase;
  const lines = text.split("\n").filter((line) => /error:/.test(line));
  return lines.length > 0 ? lines.join("\n") : text;
}

const wrongPassphrase =
  "The passphrase is not the one that this stack's secrets were made with. " +
  "Set PULUMI_CONFIG_PASSPHRASE to the right one, or unset it where the state is the project's own.";

async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (failure) {
    throw new UserError(briefly(failure));
  }
}

/** What Pulumi's file backend writes into a lock. */
interface Lock {
  pid: number;
  hostname: string;
}

/** A Pulumi that was killed leaves its lock behind; of a process of this machine it can be told that it is gone. */
async function releaseDeadLock(stack: Stack): Promise<void> {
  if (process.env.PULUMI_BACKEND_URL !== localBackend) return;
  const { name: project } = await stack.workspace.projectSettings();
  const folder = join(fileURLToPath(localBackend), ".pulumi", "locks", "organization", project, stack.name);
  const files = await readdir(folder).catch(() => []);
  for (const file of files) {
    const { pid, hostname: host } = JSON.parse(await readFile(join(folder, file), "utf8")) as Lock;
    if (host === hostname() && !isRunning(pid)) {
      await stack.cancel();
      return;
    }
  }
}
