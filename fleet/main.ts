import { Command } from "commander";
import { StackFileError } from "../config/stack-files.ts";
import { ToolchainError } from "../toolchain/index.ts";
import { UserError } from "./user-error.ts";

/** Aborted by Ctrl-C. Pulumi receives the signal, too, and stops at a point from which the next command can go on. */
const interruption = new AbortController();

const adoptDescription = "take over what another fleet, or one whose state is lost, made under the stacks' names";

// Each command is imported only when it is asked for: Pulumi's SDK alone takes most of a second to load.
const program = new Command("npm run")
  .description("A fleet of kind clusters, one per Pulumi stack")
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: false });

program
  .command("up")
  .argument("[stack...]", "the stacks to bring up, each after those that it refers to", [])
  .option("--adopt", adoptDescription, false)
  .option("--replace", "also replace clusters and registries of which there is a newer version", false)
  .option("--no-heal", "only say what was deleted or changed since the last up, and leave it as it is")
  .description("brings stacks up, and proves that they answer")
  .action(async (stacks: string[], options: { adopt: boolean; replace: boolean; heal: boolean }) =>
    (await import("./commands/up.ts")).up(stacks, { ...options, signal: interruption.signal }),
  );

program
  .command("preview")
  .argument("[stack...]", "the stacks to preview", [])
  .option("--adopt", "as up would with it", false)
  .option("--replace", "as up would with it", false)
  .description("shows what up would change")
  .action(async (stacks: string[], options: { adopt: boolean; replace: boolean }) =>
    (await import("./commands/preview.ts")).preview(stacks, options),
  );

program
  .command("down")
  .argument("[stack...]", "the stacks to take away; without any, those that have a file here", [])
  .option("--force", "also those that a stack which stays up refers to", false)
  .option("--adopt", "also what another fleet, or one whose state is lost, made under the stacks' names", false)
  .option("--forget", "forget the stacks' states, and leave what they made elsewhere as it is", false)
  .description("destroys stacks, and leaves nothing of them")
  .action(async (stacks: string[], options: { force: boolean; adopt: boolean; forget: boolean }) =>
    (await import("./commands/down.ts")).down(stacks, { ...options, signal: interruption.signal }),
  );

program
  .command("call")
  .argument("<stack>", "the stack whose pod calls")
  .argument("<url>", "what it calls, for example http://identity-internal:5000/cluster")
  .option("-H, --header <header>", "a header, as name: value", (header: string, all: string[]) => [...all, header], [])
  .option("--from <namespace/service>", "the service whose pod calls (default: the first with the stack's own image)")
  .description("calls a URL from inside a pod, and prints status, headers and body")
  .action(async (stack: string, url: string, options: { header: string[]; from?: string }) =>
    (await import("./commands/call.ts")).call(stack, url, options),
  );

program
  .command("links")
  .option("--json", "JSON instead of a table", false)
  .option("--check", "fail on a link that is dead or stale", false)
  .description("proves every link between clusters")
  .action(async (options: { json: boolean; check: boolean }) => (await import("./commands/links.ts")).links(options));

program
  .command("env")
  .description('prints what puts the tools and the state into a shell: eval "$(npm run -s env)"')
  .action(async () => (await import("./commands/env.ts")).env());

program
  .command("tools")
  .description("gets the tools, the Docker engine and the images, and does nothing else")
  .action(async () => (await import("./commands/tools.ts")).tools());

process.on("SIGINT", () => {
  if (!interruption.signal.aborted) {
    console.error("\nInterrupted: waiting for Pulumi to stop in good order. Run the same command again to go on.");
  }
  interruption.abort();
});
process.stdout.on("error", () => process.exit(141)); // The other end of the pipe was closed.

try {
  await program.parseAsync();
  if (interruption.signal.aborted) process.exitCode = 130;
} catch (error) {
  console.error(`\n${messageOf(error)}`);
  const status = error instanceof UserError ? error.status : 1;
  process.exitCode = interruption.signal.aborted ? 130 : status;
}

/** The message alone where the user can solve the problem, a stack trace for anything else. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isUsers = error instanceof UserError || error instanceof StackFileError || error instanceof ToolchainError;
  return isUsers ? error.message : (error.stack ?? error.message);
}
