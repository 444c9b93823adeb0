import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, type CommanderError, InvalidArgumentError } from "commander";
import { handleInterruptions, interrupted, uninterrupted, windUpOnSignal } from "../host/interruption.ts";
import type { DownCommandOptions } from "./commands/down.ts";
import type { PreviewCommandOptions } from "./commands/preview.ts";
import type { UpCommandOptions } from "./commands/up.ts";
import { explainError } from "./explain-error.ts";
import { projectFolder } from "./setup/folders.ts";
import "./setup/light-sdk.ts";
import { flagsFromNpm } from "./setup/npm-flags.ts";
import { UserError } from "./user-error.ts";

/** The exit status for a command line that can't be followed. */
const usageStatus = 2;

const interruptedStatus = handleInterruptions();

const adoptDescription = "take over what another fleet, or one whose state is lost, made under the stacks' names";

const parallelDescription = "how many stacks are worked on at once (default: as many as the machine can bear)";

// Each command is imported only when it is asked for: Pulumi's SDK alone takes most of a second to load.
const program = new Command("npm run")
  .usage("<command> -- [options] [arguments]")
  .description("A fleet of Kubernetes clusters, one per Pulumi stack")
  .showHelpAfterError()
  .configureHelp({ showGlobalOptions: false })
  .exitOverride(({ exitCode }: CommanderError) => process.exit(exitCode === 0 ? 0 : usageStatus));

program
  .command("up")
  .argument("[stack...]", "the stacks to bring up; without any, all that have a file here", [])
  .option("--adopt", adoptDescription, false)
  .option("--replace", "also replace clusters and registries of which there is a newer version", false)
  .option("--no-heal", "only say what was deleted or changed since the last up, and leave it as it is")
  .option("--full", "have Pulumi compare everything, even where nothing has changed since the last up", false)
  .option("--parallel <count>", parallelDescription, positiveInteger)
  .description("brings stacks up, and proves that they answer")
  .action(async (stacks: string[], options: Omit<UpCommandOptions, "signal">) =>
    (await import("./commands/up.ts")).up(stacks, { ...options, signal: interrupted }),
  );

program
  .command("preview")
  .argument("[stack...]", "the stacks to preview", [])
  .option("--adopt", "as up would with it", false)
  .option("--replace", "as up would with it", false)
  .option("--parallel <count>", parallelDescription, positiveInteger)
  .description("shows what up would change")
  .action(async (stacks: string[], options: PreviewCommandOptions) =>
    (await import("./commands/preview.ts")).preview(stacks, options),
  );

program
  .command("down")
  .argument("[stack...]", "the stacks to take away; without any, those that have a file here", [])
  .option("--force", "also those that a stack which stays up refers to", false)
  .option("--adopt", "also what another fleet, or one whose state is lost, made under the stacks' names", false)
  .option("--forget", "forget the stacks' states, and leave what they made elsewhere as it is", false)
  .option("--parallel <count>", parallelDescription, positiveInteger)
  .description("destroys stacks, and leaves nothing of them")
  .action(async (stacks: string[], options: Omit<DownCommandOptions, "signal">) =>
    (await import("./commands/down.ts")).down(stacks, { ...options, signal: interrupted }),
  );

program
  .command("dev")
  .argument("[stack...]", "the stacks whose clusters follow every save; without any, all that are up", [])
  .option("--roll-out", "roll an image out on each save, instead of swapping the code inside the running pods", false)
  .description("brings every save to the clusters within about a second, and shows the services' logs")
  .action(async (stacks: string[], options: { rollOut: boolean }) => {
    const [{ dev }, { up }] = await Promise.all([import("./commands/dev.ts"), import("./commands/up.ts")]);
    const wayBack = { adopt: false, replace: false, heal: true, signal: uninterrupted };
    await dev(stacks, options, windUpOnSignal(), (back) => up(back, wayBack));
  });

program
  .command("call")
  .argument("<stack>", "the stack whose pod calls")
  .argument("<url>", "what it calls, for example http://identity-internal:5000/cluster")
  .option(
    "-H, --header <header>",
    "a header, as name: value; @file: one a line; @-: from stdin",
    (header: string, all: string[]) => [...all, header],
    [],
  )
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

process.stdout.on("error", () => process.exit(141)); // The other end of the pipe was closed.

try {
  await program.parseAsync(withFlagsFromNpm(process.argv.slice(2)), { from: "user" });
} catch (error) {
  console.error(`\n${explainError(error)}`);
  process.exitCode = error instanceof UserError ? error.status : 1;
}
process.exitCode = interruptedStatus() ?? process.exitCode;

function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a whole number from 1 to 999.");
}

/** The command line, with the options that npm took for itself. @throws UserError for those that have to be refused */
function withFlagsFromNpm(args: string[]): string[] {
  const [name] = args;
  const command = program.commands.find((candidate) => candidate.name() === name);
  if (command === undefined || process.env.npm_lifecycle_event !== name) return args;
  const options = command.options.map(({ long, required, optional, negate }) => ({
    name: (long ?? "").replace(/^--(no-)?/, ""),
    takesValue: required || optional,
    negated: negate,
  }));
  const { accepted, problem } = flagsFromNpm(args, options, process.env, npmSettings());
  if (problem !== undefined) throw new UserError(problem, usageStatus);
  return [...args, ...accepted.filter((option) => !args.includes(option))];
}

/** The text of the files that npm takes its settings from. */
function npmSettings(): string {
  const { npm_config_userconfig, npm_config_globalconfig } = process.env;
  const files = [npm_config_userconfig, npm_config_globalconfig, join(projectFolder, ".npmrc")];
  return files.flatMap((file) => (file && existsSync(file) ? readFileSync(file, "utf8") : [])).join("\n");
}
