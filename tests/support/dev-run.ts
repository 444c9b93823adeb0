import { run } from "../../host/command.ts";
import { waitFor } from "../../host/wait.ts";
import type { ThrowawayProject } from "./throwaway-project.ts";

/** An `npm run dev` that is under way. */
export class DevRun {
  /** All that it printed. */
  output = "";
  private readonly running: ReturnType<ThrowawayProject["startCommand"]>;

  private constructor(project: ThrowawayProject, args: readonly string[]) {
    this.running = project.startCommand("dev", args);
    this.running.all.setEncoding("utf8").on("data", (text: string) => (this.output += text));
  }

  /** Starts it, and waits until every chosen cluster serves what is on disk. @param stacks the chosen ones */
  static async start(
    project: ThrowawayProject,
    stacks: readonly string[],
    options: readonly string[] = [],
  ): Promise<DevRun> {
    const started = new DevRun(project, [...stacks, ...options]);
    try {
      for (const stack of stacks)
        await started.says(new RegExp(`▸ ${stack}: \\d+ pods of \\S+ serve what is on disk`), 180);
    } catch (error) {
      await started.end();
      throw error;
    }
    return started;
  }

  /** Waits until it has printed something, and returns that. @param from where in the output to look */
  async says(text: RegExp, seconds: number, from = 0): Promise<string> {
    return waitFor(
      String(text),
      seconds,
      () => {
        const [found] = text.exec(this.output.slice(from)) ?? [];
        if (found === undefined) throw new Error(this.output.slice(from).slice(-2_000));
        return found;
      },
      { longestPauseMilliseconds: 50 },
    );
  }

  /** Ends it as Ctrl-C does, and waits until it has brought the clusters back. @returns its exit status */
  async end(): Promise<number> {
    this.running.kill("SIGTERM");
    const { exitCode } = await this.running;
    return exitCode ?? 128;
  }

  /** Ends it without giving it time for anything. */
  async kill(): Promise<void> {
    // bootstrap/run.mjs runs the command in a child.
    const children = await run("pgrep", ["--parent", String(this.running.pid)]);
    process.kill(Number(children.split("\n")[0]), "SIGKILL");
    await this.running;
  }
}
