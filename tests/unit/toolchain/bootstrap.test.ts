import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
// @ts-expect-error: plain JavaScript, which any Node can run
import * as dependencies from "../../../bootstrap/dependencies.mjs";
// @ts-expect-error: plain JavaScript, which any Node can run
import * as node from "../../../bootstrap/node.mjs";
// @ts-expect-error: plain JavaScript, which any Node can run
import * as proxy from "../../../bootstrap/proxy.mjs";

const { areDependenciesThere, ensureDependencies } = dependencies as {
  areDependenciesThere: (root: string) => boolean;
  ensureDependencies: (root: string, install: (root: string) => void) => Promise<void>;
};
const { proxySettings } = proxy as { proxySettings: (env: Record<string, string>) => Record<string, string> };
const { chooseNode } = node as { chooseNode: (root: string, running: object) => string };

describe("the bootstrap", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "checkout-"));
    writeFileSync(join(root, "package-lock.json"), "{}");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const install = () => void mkdirSync(join(root, "node_modules", ".bin"), { recursive: true });

  it("tells Node of a proxy, and spares this machine's own addresses", () => {
    expect(proxySettings({ PATH: "/bin" })).to.deep.equal({});
    const own = "localhost,127.0.0.1,::1";
    expect(proxySettings({ https_proxy: "http://proxy:3128" })).to.deep.equal({
      NODE_USE_ENV_PROXY: "1",
      NO_PROXY: own,
      no_proxy: own,
    });
    const spared = `.example.com,${own}`;
    expect(
      proxySettings({ HTTP_PROXY: "http://proxy:3128", NO_PROXY: ".example.com,localhost", NODE_USE_ENV_PROXY: "0" }),
    ).to.deep.equal({
      NODE_USE_ENV_PROXY: "0",
      NO_PROXY: ".example.com,localhost,127.0.0.1,::1",
      no_proxy: ".example.com,localhost,127.0.0.1,::1",
    });
    expect(proxySettings({ HTTP_PROXY: "http://proxy:3128", NO_PROXY: ".example.com" }).no_proxy).to.equal(spared);
  });

  it("installs where nothing is installed, and then no more", async () => {
    let times = 0;
    for (let run = 0; run < 2; run++) {
      await ensureDependencies(root, () => {
        times++;
        install();
      });
    }
    expect(times).to.equal(1);
  });

  it("installs again when the lock file is another", async () => {
    await ensureDependencies(root, install);
    expect(areDependenciesThere(root)).to.equal(true);
    writeFileSync(join(root, "package-lock.json"), '{ "version": 2 }');
    expect(areDependenciesThere(root)).to.equal(false);
  });

  it("takes what the user's own npm ci installed", () => {
    install();
    writeFileSync(join(root, "node_modules", ".package-lock.json"), "{}");
    expect(areDependenciesThere(root)).to.equal(true);
    utimesSync(join(root, "node_modules", ".package-lock.json"), 1, 1);
    expect(areDependenciesThere(root)).to.equal(false);
  });

  it("takes nothing for installed when installing failed, and gives its lock back", async () => {
    const failing = () => {
      throw new Error("npm ci failed");
    };
    expect(await ensureDependencies(root, failing).catch(String)).to.equal("Error: npm ci failed");
    expect(areDependenciesThere(root)).to.equal(false);
    await ensureDependencies(root, install);
  });

  it("runs scripts on the pinned Node", () => {
    install();
    writeFileSync(join(root, "node_modules", ".bin", "node"), "");
    const running = { versions: { node: "20.1.0" }, execPath: "/usr/bin/node", platform: "linux", arch: "x64" };
    expect(chooseNode(root, running)).to.equal(realpathSync(join(root, "node_modules", ".bin", "node")));
  });

  it("runs them on its own where no package has one, if it is new enough; else says what to install", () => {
    const running = { versions: { node: "24.1.0" }, execPath: "/opt/node", platform: "linux", arch: "riscv64" };
    expect(chooseNode(root, running)).to.equal("/opt/node");
    expect(() => chooseNode(root, { ...running, versions: { node: "22.1.0" } })).to.throw(
      /Node 24 or newer is needed.*riscv64.*22\.1\.0.*nodejs\.org/,
    );
  });
});
