import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { run } from "../../host/command.ts";
import { isRunning } from "../../host/process-alive.ts";
import { waitFor } from "../../host/wait.ts";
import { ensureEngine, reportTo } from "../../toolchain/index.ts";

const pidFile = "/var/run/docker.pid";

/** Restarts the Docker engine, either the machine's service or the one that the toolchain started. */
export async function restartEngine(): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    const asRoot: string[] = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
    const [command, ...args] = [...asRoot, "systemctl", "restart", "docker"];
    await run(command, args, { deadlineSeconds: 120 });
    return;
  }
  const pid = Number(await readFile(pidFile, "utf8"));
  process.kill(pid, "SIGTERM");
  try {
    await waitFor("the engine's end", 120, () => expect(isRunning(pid), `process ${pid} runs`).to.equal(false));
  } finally {
    await ensureEngine({ report: reportTo(process.stderr) });
  }
}
