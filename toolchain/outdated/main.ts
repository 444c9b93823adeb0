// `npm run versions`: shows which pinned versions have newer ones, as far as npm and Go can be asked. With `--check` it
// fails when there are some.
import { tmpdir } from "node:os";
import { tryRun } from "../../host/command.ts";
import { versions } from "../../versions.ts";
import { inspectMachine } from "../core/machine.ts";
import { compareVersions, newestVersion } from "./newest-version.ts";
import { type Pin, pins } from "./pins.ts";

const deadlineSeconds = 60;

const rows = await Promise.all(pins.map(describe));
const width = Math.max(...rows.map(({ line }) => line[0].length));
for (const { line } of rows) console.log(`${line[0].padEnd(width)}  ${line[1].padEnd(10)}  ${line[2]}`);
const outdated = rows.filter((row) => row.outdated).length;
console.log(outdated === 0 ? "Nothing is outdated." : `${outdated} of ${rows.length} have newer versions.`);
if (process.argv.includes("--check") && outdated > 0) process.exitCode = 1;

async function describe(pin: Pin): Promise<{ line: [string, string, string]; outdated: boolean }> {
  const pinned: string = versions[pin.name];
  const known = await versionsOf(pin);
  const newest = newestVersion(known, pinned, pin.within ?? "any");
  const isNewer = newest !== undefined && compareVersions(newest, pinned) > 0;
  const remark = pin.remark === undefined ? "" : ` (${pin.remark})`;
  if (newest === undefined) return { line: [pin.name, pinned, "can't be asked about"], outdated: false };
  return { line: [pin.name, pinned, isNewer ? `${newest} is newer${remark}` : "is the newest"], outdated: isNewer };
}

/** All versions that the registry names; none when it can't be asked. */
async function versionsOf({ source }: Pin): Promise<string[]> {
  if ("npm" in source) {
    const { stdout, error } = await tryRun("npm", ["view", source.npm, "versions", "--json"], { deadlineSeconds });
    return error === undefined ? (JSON.parse(stdout) as string[]) : [];
  }
  const { go } = inspectMachine();
  if (go === undefined) return [];
  const args = ["list", "-m", "-versions", "-f", '{{join .Versions " "}}', source.go];
  // Outside the checkout, whose modules would have a say.
  const { stdout, error } = await tryRun(go, args, { cwd: tmpdir(), deadlineSeconds });
  return error === undefined ? stdout.split(" ").filter(Boolean) : [];
}
