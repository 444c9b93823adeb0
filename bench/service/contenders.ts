import { join } from "node:path";
import { build } from "esbuild";
import { tryRun } from "../../host/command.ts";
import { bundleService } from "../../service/build.ts";

/** A server to measure, and how to start it; it reads its port from `PORT`. */
export interface Contender {
  title: string;
  command: string;
  args: readonly string[];
  env: Record<string, string>;
}

/** The servers of a run. */
export interface Contenders {
  /** What the others are compared with. */
  bare: Contender;
  /** The service without a log. */
  silent: Contender;
  /** All servers, the bare one first. */
  all: readonly Contender[];
}

/**
 * Builds the servers. Flask takes part only if this machine has it.
 *
 * @param folder where the bare server's bundle goes
 */
export async function prepareContenders(folder: string): Promise<Contenders> {
  const { entry } = await bundleService();
  const bareEntry = join(folder, "bare-server.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "bare-server.ts")],
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
  const all = [bare, silent, logging];
  if (await hasFlask()) all.push(flask);
  return { bare, silent, all };
}

async function hasFlask(): Promise<boolean> {
  const { error } = await tryRun("python3", ["-c", "import flask, gunicorn"]);
  return error === undefined;
}

/** One process, like the others. It has threads, since gunicorn's sync worker closes the connection after an answer. */
const flask: Contender = {
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
  // gunicorn reads its port from PORT, too.
  env: { PYTHONDONTWRITEBYTECODE: "1" },
};
