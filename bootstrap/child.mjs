import { spawn } from "node:child_process";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end, and hands on to it every signal that this process gets. A terminal sends Ctrl-C to both
 * processes, but `kill` does not, and neither does npm: it only knows this one.
 *
 * @param options those of node:child_process
 * @returns its exit status, or the signal that ended it
 * @throws Error when it can't be run
 */
export function runToEnd(file, args, options) {
  const child = spawn(file, args, options);
  const handOn = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, handOn);
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${file} can't be run: ${error.message}`)));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  }).finally(() => {
    for (const signal of signals) process.off(signal, handOn);
  });
}
