import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readlinkSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { isStamped, placeLink, placeOf, standInLauncher, stampHome } from "../../../toolchain/tools/pulumi-home.ts";
import { tools } from "../../../toolchain/tools/tool-list.ts";
import type { Tool } from "../../../toolchain/tools/tool-list.ts";

const [pulumi, , , kubernetes] = tools() as [Tool, Tool, Tool, Tool];

describe("Pulumi's home", () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), "home-"))));
  afterEach(() => rmSync(home, { recursive: true }));

  it("has commands in one folder, and each plugin where Pulumi looks for that version", () => {
    expect(placeOf("/h", pulumi, "pulumi")).to.equal("/h/bin/pulumi");
    expect(placeOf("/h", kubernetes, "pulumi-resource-kubernetes")).to.equal(
      `/h/plugins/resource-kubernetes-v${kubernetes.version}/pulumi-resource-kubernetes`,
    );
  });

  it("has a link replaced, and one that is right left alone", async () => {
    const path = join(home, "bin", "kind");
    for (const target of ["/old", "/new", "/new"]) await placeLink(target, path);
    expect(readlinkSync(path)).to.equal("/new");
  });

  it("is as stamped until a tool that it links to changes, or goes", async () => {
    const file = join(home, "real");
    writeFileSync(file, "1");
    await placeLink(file, placeOf(home, { ...pulumi, executables: ["pulumi"] }, "pulumi"));
    const wanted = [{ ...pulumi, executables: ["pulumi"] }];
    expect(await isStamped(home, wanted)).to.equal(false);
    await stampHome(home, wanted);
    expect(await isStamped(home, wanted)).to.equal(true);
    utimesSync(file, 1, 1);
    expect(await isStamped(home, wanted)).to.equal(false);
  });

  it("is not as stamped when another version is asked for", async () => {
    await stampHome(home, [pulumi]);
    expect(await isStamped(home, [{ ...pulumi, version: "0.0.1" }])).to.equal(false);
  });

  it("is not as stamped when a tool was missing then", async () => {
    await stampHome(home, [pulumi]);
    expect(await isStamped(home, [pulumi])).to.equal(false);
  });
});

describe("the launcher of the stand-in", () => {
  it("runs whatever the paths are called, and hands its arguments on", () => {
    const folder = mkdtempSync(join(tmpdir(), "it's a "));
    try {
      const [program, launcher] = [join(folder, "main $x.mjs"), join(folder, "launcher")];
      writeFileSync(program, "console.log(process.argv.slice(2).join('|'))");
      writeFileSync(launcher, standInLauncher(process.execPath, program));
      chmodSync(launcher, 0o755);
      expect(execFileSync(launcher, ["a b", "c"], { encoding: "utf8" })).to.equal("a b|c\n");
      expect(readFileSync(launcher, "utf8")).to.match(/^#!\/bin\/sh\n/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
