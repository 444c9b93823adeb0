import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import type * as pulumi from "@pulumi/pulumi";
import { inTemporaryFolder } from "../../../../host/temporary-folder.ts";
import { providerSource } from "../../../../infra/pulumi/lazy-resource.ts";

/** Evaluates a provider's source the way Pulumi does. */
function providerOf(source: string): pulumi.dynamic.ResourceProvider {
  const { Module } = createRequire(import.meta.url)("node:module") as {
    Module: new () => { _compile: (code: string, name: string) => void; exports: { handler: () => never } };
  };
  const evaluated = new Module();
  evaluated._compile(source, "");
  return evaluated.exports.handler();
}

describe("the source of a dynamic provider", () => {
  it("loads the module from the project's folder, wherever below it Pulumi was started", () =>
    inTemporaryFolder("lazy-", async (folder) => {
      await mkdir(join(folder, "infra", "below"), { recursive: true });
      await writeFile(join(folder, "Pulumi.yaml"), "name: some\n");
      await writeFile(
        join(folder, "infra", "some.mjs"),
        "export const create = (inputs) => ({ id: `made of ${inputs.what}` });\n",
      );
      const before = process.cwd();
      process.chdir(join(folder, "infra", "below"));
      try {
        const result = await providerOf(providerSource("infra/some.mjs")).create({ what: "clay" });
        expect(result).to.deep.equal({ id: "made of clay" });
      } finally {
        process.chdir(before);
      }
    }));

  it("has no code of the module, and nothing of TypeScript", () => {
    const source = providerSource("infra/kind/provider.ts");
    expect(source)
      .to.contain('"infra/kind/provider.ts"')
      .and.not.to.match(/: string|Required</);
    expect(source.length).to.be.lessThan(2000);
  });
});
