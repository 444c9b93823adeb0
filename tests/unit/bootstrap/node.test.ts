import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
// @ts-expect-error: plain JavaScript, which any Node can run
import * as node from "../../../bootstrap/node.mjs";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

const { chooseNode } = node as { chooseNode: (root: string, running: object) => string };

describe("chooseNode", () => {
  const root = useTemporaryFolder();

  it("chooseNode prefers the pinned Node to the running one", () => {
    mkdirSync(join(root(), "node_modules", ".bin"), { recursive: true });
    writeFileSync(join(root(), "node_modules", ".bin", "node"), "");
    const running = { versions: { node: "20.1.0" }, execPath: "/usr/bin/node", platform: "linux", arch: "x64" };
    expect(chooseNode(root(), running)).to.equal(realpathSync(join(root(), "node_modules", ".bin", "node")));
  });

  it("chooseNode returns the running Node where no package has one, unless it is too old, and then names the remedy", () => {
    const running = { versions: { node: "24.1.0" }, execPath: "/opt/node", platform: "linux", arch: "riscv64" };
    expect(chooseNode(root(), running)).to.equal("/opt/node");
    expect(() => chooseNode(root(), { ...running, versions: { node: "22.1.0" } })).to.throw(
      /Node 24 or newer is needed.*riscv64.*22\.1\.0.*nodejs\.org/,
    );
  });
});
