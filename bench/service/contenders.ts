import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { bundleService } from "../../service/build.ts";

/** One server to measure: how to start it, with the port in `PORT`. */
export interface Contender {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The servers of a run. The bare one is what the others are compared with. */
export interface Contenders {
  readonly bare: Contender;
  readonly silent: Contender;
  /** All of them, the bare one first. */
  readonly all: readonly Contender[];
}

/**
 * Builds and lists the servers; Flask is among them if this machine has it.
 * @param folder where the bare server's bundle goes
 */
export async function prepareContenders(folder: string): Promise<Contenders> {
  const { entry } = await bundleService();
  const bareEntry = join(folder, "bare.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "bare.ts")],
    outfile: bareEntry,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
  });

  const node = (title: string, file: string, env: Contender["env"]): Contender => ({
    title,
    command: process.execPath,
    args: [file],
    env: { NODE_ENV: "production", METRICS_PORT: "0", ...env },
  });
  const bare = node("bare node:http", bareEntry, {});
  const silent = node("service, access logs off", entry, { LOG_LEVEL: "silent" });
  const logging = node("service, access logs on", entry, { LOG_LEVEL: "info" });
  return { bare, silent, all: [bare, silent, logging, ...(hasFlask() ? [flask()] : [])] };
}

function hasFlask(): boolean {
  return spawnSync("python3", ["-c", "import flask, gunicorn"], { stdio: "ignore" }).status === 0;
}

/** One process, as the others are; threads, since gunicorn's plain worker closes the connection after each answer. */
function flask(): Contender {
  return {
    title: "Flask under gunicorn",
    command: "python3",
    args: [
      "-m",
      "gunicorn",
      "--workers=1",
      "--worker-class=gthread",
      "--threads=4",
      "--keep-alive=65",
      "--log-level=error",
      `--chdir=${import.meta.dirname}`,
      "flask_app:app",
    ],
    // gunicorn takes its address from PORT.
    env: { PYTHONDONTWRITEBYTECODE: "1" },
  };
}
