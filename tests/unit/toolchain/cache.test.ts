import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { cacheEntry, fillEntry, isCached } from "../../../toolchain/core/cache.ts";
import { ToolchainError } from "../../../toolchain/core/toolchain-error.ts";
import { contentKey, hashFolder } from "../../../toolchain/core/content-key.ts";
import { withCacheLock } from "../../../toolchain/core/cache-lock.ts";
import { cacheRoot } from "../../../toolchain/core/paths.ts";
import { runSteps } from "../../../toolchain/core/steps.ts";
import { binaries } from "../../../toolchain/go/programs.ts";
import { binaryKey } from "../../../toolchain/go/go-binary.ts";

/** A reporter that remembers. */
export function listener() {
  const said: string[] = [];
  const shown: string[] = [];
  return {
    said,
    shown,
    say: (line: string) => void said.push(line),
    show: (line: string) => void shown.push(line),
    clear: () => undefined,
  };
}

/** Gives each test a cache of its own. */
export function ownCache(): void {
  const before = process.env["XDG_CACHE_HOME"];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cache-"));
    process.env["XDG_CACHE_HOME"] = folder;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    if (before === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = before;
  });
}

describe("an entry of the cache", () => {
  ownCache();

  it("takes its name only when it is whole", async () => {
    const entry = cacheEntry("kind", "1.0", "abc");
    await fillEntry(entry, (folder) => {
      writeFileSync(join(folder, "kind"), "");
      expect(isCached(entry)).to.equal(false);
      return Promise.resolve();
    });
    expect(isCached(entry)).to.equal(true);
    expect(readdirSync(cacheRoot())).to.deep.equal(["kind-1.0-abc"]);
  });

  it("leaves nothing when making it fails", async () => {
    const failure = await fillEntry(cacheEntry("kind", "1.0", "abc"), () => Promise.reject(new Error("no"))).catch(
      String,
    );
    expect(failure).to.equal("Error: no");
    expect(readdirSync(cacheRoot())).to.deep.equal([]);
  });

  it("clears away what a killed run left", async () => {
    const left = join(cacheRoot(), ".unfinished-kind-1.0-abc-x");
    mkdirSync(left, { recursive: true });
    await fillEntry(cacheEntry("kind", "1.0", "abc"), () => Promise.resolve());
    expect(existsSync(left)).to.equal(false);
  });
});

describe("the cache's lock", () => {
  ownCache();

  it("lets one work at a time, and the other say whom it waits for", async () => {
    const order: string[] = [];
    const report = listener();
    const { promise: inside, resolve: isInside } = Promise.withResolvers<undefined>();
    const first = withCacheLock("building", report, async () => {
      order.push("first in");
      isInside(undefined);
      await sleep(700);
      order.push("first out");
    });
    await inside;
    await withCacheLock("building", report, () => Promise.resolve(order.push("second")));
    await first;
    expect(order).to.deep.equal(["first in", "first out", "second"]);
    expect(report.shown[0]).to.match(/^Waiting for process \d+, which is building/);
  });

  it("is given back when the work fails", async () => {
    const report = listener();
    expect(await withCacheLock("a", report, () => Promise.reject(new Error("no"))).catch(String)).to.equal("Error: no");
    expect(await withCacheLock("b", report, () => Promise.resolve("done"))).to.equal("done");
  });
});

describe("the steps", () => {
  ownCache();

  it("tell which of how many they are, and next time how long they took", async () => {
    const step = { name: "kind", doing: "building", run: () => sleep(700) };
    await runSteps([step], listener());
    const report = listener();
    await runSteps([{ ...step, run: () => Promise.resolve() }], report);
    expect(report.shown[0]).to.equal("[1/1] kind: building… 0:00 (took 0:01 last time)");
    expect(report.said).to.deep.equal(["[1/1] kind: done in 0:00"]);
  });

  it("name what failed, and start nothing after it", async () => {
    const failing = { name: "kind", doing: "building", run: () => Promise.reject(new ToolchainError("No space.")) };
    let started = false;
    const next = { name: "next", doing: "building", run: () => Promise.resolve(void (started = true)) };
    const message = await runSteps([failing, next], listener()).catch(String);
    expect(message).to.equal("ToolchainError: kind: building failed. No space.");
    expect(started).to.equal(false);
  });
});

describe("content keys", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "key-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("depend on every part and on their order", () => {
    const keys = [contentKey("a", "b"), contentKey("b", "a"), contentKey("ab"), contentKey("a", "b", { flag: true })];
    expect(new Set(keys).size).to.equal(4);
    expect(contentKey("a", "b")).to.equal(keys[0]);
  });

  it("see a file's name and content, not its time", () => {
    const file = join(folder, "go.mod");
    writeFileSync(file, "module a");
    const before = hashFolder(folder);
    utimesSync(file, 0, 0);
    expect(hashFolder(folder)).to.equal(before);
    writeFileSync(file, "module b");
    expect(hashFolder(folder)).to.not.equal(before);
  });

  it("tell every program from every other", () => {
    const all = Object.values(binaries);
    expect(new Set(all.map(binaryKey)).size).to.equal(all.length);
    expect(binaryKey({ ...binaries.kind, version: "0.0.1" })).to.not.equal(binaryKey(binaries.kind));
  });
});
