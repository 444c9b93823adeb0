import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { projectFolder } from "../../../../fleet/setup/folders.ts";

/** Runs code in a process of its own, which has loaded nothing of Pulumi's yet. @returns what it prints */
async function run(code: string): Promise<unknown> {
  const prelude = `
    import { createRequire } from "node:module";
    await import(${JSON.stringify(join(projectFolder, "fleet", "setup", "light-sdk.ts"))});
    const require = createRequire(${JSON.stringify(join(projectFolder, "fleet", "main.ts"))});
    const pulumi = (await import(require.resolve("@pulumi/pulumi"))).default;`;
  const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", prelude + code], {
    cwd: projectFolder,
    timeout: 30_000,
  });
  return JSON.parse(stdout);
}

describe("light-sdk", () => {
  it("Pulumi's SDK loads without npm's resolver and TypeScript", async () => {
    const loaded = await run(`
      const loaded = (name) => Object.keys(require.cache).filter((file) => file.includes(name)).length;
      console.log(JSON.stringify([loaded("/pacote/"), loaded("/typescript/lib/"), typeof pulumi.Output]));`);
    expect(loaded).to.deep.equal([0, 0, "function"]);
  });

  it("both are there once they are needed", async () => {
    const found = await run(`
      const paths = await pulumi.runtime.computeCodePaths({ extraIncludePaths: ["./versions.ts"] });
      const { text } = await pulumi.runtime.serializeFunction(() => 42);
      console.log(JSON.stringify([[...paths.keys()].includes("versions.ts"), text.includes("42")]));`);
    expect(found).to.deep.equal([true, true]);
  });
});
