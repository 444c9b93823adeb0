import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { execa } from "execa";
import { waitFor } from "../../host/wait.ts";
import { isRunning } from "../../host/process.ts";
import { ensureEngine, reportTo } from "../../toolchain/ensure.ts";

const pidFile = "/var/run/docker.pid";

/** Restarts the Docker engine, as its service, or as the toolchain started it. */
export async function restartEngine(): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    const asRoot: string[] = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
    const [command, ...args] = [...asRoot, "systemctl", "restart", "docker"];
    await execa(command, args, { timeout: 120_000 });
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
