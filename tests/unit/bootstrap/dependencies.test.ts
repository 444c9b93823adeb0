import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
// @ts-expect-error: plain JavaScript, which any Node can run
import * as dependencies from "../../../bootstrap/dependencies.mjs";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

const { areDependenciesThere, ensureDependencies } = dependencies as {
  areDependenciesThere: (root: string) => boolean;
  ensureDependencies: (root: string, install: (root: string) => void) => Promise<void>;
};

describe("ensureDependencies", () => {
  const root = useTemporaryFolder("checkout-");
  beforeEach(() => writeFileSync(join(root(), "package-lock.json"), "{}"));

  const install = () => void mkdirSync(join(root(), "node_modules", ".bin"), { recursive: true });

  it("ensureDependencies installs the dependencies once", async () => {
    let times = 0;
    for (let run = 0; run < 2; run++) {
      await ensureDependencies(root(), () => {
        times++;
        install();
      });
    }
    expect(times).to.equal(1);
  });

  it("installed dependencies are out of date when package-lock.json has changed", async () => {
    await ensureDependencies(root(), install);
    expect(areDependenciesThere(root())).to.equal(true);
    writeFileSync(join(root(), "package-lock.json"), '{ "version": 2 }');
    expect(areDependenciesThere(root())).to.equal(false);
  });

  it("dependencies that the user's own npm ci installed are used, unless they are older than package-lock.json", () => {
    install();
    writeFileSync(join(root(), "node_modules", ".package-lock.json"), "{}");
    expect(areDependenciesThere(root())).to.equal(true);
    utimesSync(join(root(), "node_modules", ".package-lock.json"), 1, 1);
    expect(areDependenciesThere(root())).to.equal(false);
  });

  it("ensureDependencies releases its lock when the installation fails, and installs again next time", async () => {
    const failing = () => {
      throw new Error("npm ci failed");
    };
    expect(await ensureDependencies(root(), failing).catch(String)).to.equal("Error: npm ci failed");
    expect(areDependenciesThere(root())).to.equal(false);
    await ensureDependencies(root(), install);
  });
});
