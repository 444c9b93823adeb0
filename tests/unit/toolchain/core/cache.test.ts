import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { cacheEntry, fillEntry, isCached } from "../../../../toolchain/core/cache.ts";
import { cacheRoot } from "../../../../toolchain/core/paths.ts";
import { useOwnCache } from "../../../support/own-cache.ts";

describe("fillEntry", () => {
  useOwnCache();

  it("a cache entry exists only once it is complete", async () => {
    const entry = cacheEntry("kind", "1.0", "abc");
    await fillEntry(entry, (folder) => {
      writeFileSync(join(folder, "kind"), "");
      expect(isCached(entry)).to.equal(false);
      return Promise.resolve();
    });
    expect(isCached(entry)).to.equal(true);
    expect(readdirSync(cacheRoot())).to.deep.equal(["kind-1.0-abc"]);
  });

  it("a cache entry that can't be made leaves nothing in the cache", async () => {
    const failure = await fillEntry(cacheEntry("kind", "1.0", "abc"), () => Promise.reject(new Error("no"))).catch(
      String,
    );
    expect(failure).to.equal("Error: no");
    expect(readdirSync(cacheRoot())).to.deep.equal([]);
  });

  it("fillEntry removes what a killed run left in the cache", async () => {
    const left = join(cacheRoot(), ".unfinished-kind-1.0-abc-x");
    mkdirSync(left, { recursive: true });
    await fillEntry(cacheEntry("kind", "1.0", "abc"), () => Promise.resolve());
    expect(existsSync(left)).to.equal(false);
  });
});
