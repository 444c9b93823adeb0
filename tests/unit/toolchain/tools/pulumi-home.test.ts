import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, readlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isStamped, placeLink, placeOf, standInLauncher, stampHome } from "../../../../toolchain/tools/pulumi-home.ts";
import { type Tool, tools } from "../../../../toolchain/tools/tool-list.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

const [pulumi, , , kubernetes] = tools() as [Tool, Tool, Tool, Tool];

describe("Pulumi's home", () => {
  const home = useTemporaryFolder();

  it("Pulumi's home has all commands in one folder, and each plugin where Pulumi looks for its version", () => {
    expect(placeOf("/h", pulumi, "pulumi")).to.equal("/h/bin/pulumi");
    expect(placeOf("/h", kubernetes, "pulumi-resource-kubernetes")).to.equal(
      `/h/plugins/resource-kubernetes-v${kubernetes.version}/pulumi-resource-kubernetes`,
    );
  });

  it("placeLink replaces a link to another file, and leaves one to the same file as it is", async () => {
    const path = join(home(), "bin", "kind");
    for (const target of ["/old", "/new", "/new"]) await placeLink(target, path);
    expect(readlinkSync(path)).to.equal("/new");
  });

  it("Pulumi's home is out of date when a file that it links to has changed", async () => {
    const file = join(home(), "real");
    writeFileSync(file, "1");
    await placeLink(file, placeOf(home(), { ...pulumi, executables: ["pulumi"] }, "pulumi"));
    const wanted = [{ ...pulumi, executables: ["pulumi"] }];
    expect(await isStamped(home(), wanted)).to.equal(false);
    await stampHome(home(), wanted);
    expect(await isStamped(home(), wanted)).to.equal(true);
    utimesSync(file, 1, 1);
    expect(await isStamped(home(), wanted)).to.equal(false);
  });

  it("Pulumi's home is out of date when another version of a tool is wanted", async () => {
    await stampHome(home(), [pulumi]);
    expect(await isStamped(home(), [{ ...pulumi, version: "0.0.1" }])).to.equal(false);
  });

  it("Pulumi's home is out of date when a tool was missing at its last stamp", async () => {
    await stampHome(home(), [pulumi]);
    expect(await isStamped(home(), [pulumi])).to.equal(false);
  });
});

describe("standInLauncher", () => {
  const folder = useTemporaryFolder("it's a ");

  it("the docker plugin's launcher runs a program at a path with quotes and blanks, and passes its arguments on", () => {
    const [program, launcher] = [join(folder(), "main $x.mjs"), join(folder(), "launcher")];
    writeFileSync(program, "console.log(process.argv.slice(2).join('|'))");
    writeFileSync(launcher, standInLauncher(process.execPath, program));
    chmodSync(launcher, 0o755);
    expect(execFileSync(launcher, ["a b", "c"], { encoding: "utf8" })).to.equal("a b|c\n");
    expect(readFileSync(launcher, "utf8")).to.match(/^#!\/bin\/sh\n/);
  });
});
