import { join } from "node:path";
import { ensureToolchain, reportTo, ToolchainError } from "./ensure.ts";

const report = reportTo();
try {
  const tools = await ensureToolchain({ home: join(process.cwd(), ".fleet", "pulumi-home"), report });
  report.say(`All is there. The tools are in ${tools.bin}.`);
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error;
  report.clear();
  report.say(error.message);
  process.exitCode = 1;
}
