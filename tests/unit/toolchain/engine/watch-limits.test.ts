import { expect } from "chai";
import { watchLimitAdvice } from "../../../../toolchain/engine/watch-limits.ts";

describe("watchLimitAdvice", () => {
  it("limits that are too low are named with the command that raises them, and no others", () => {
    // What Ubuntu has on a machine with little memory.
    const both = watchLimitAdvice({ max_user_watches: 65_536, max_user_instances: 128 });
    expect(both).to.include("fs.inotify.max_user_watches is 65536 and fs.inotify.max_user_instances is 128.");
    expect(both).to.include(": sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512");
    expect(watchLimitAdvice({ max_user_watches: 1_048_576, max_user_instances: 128 })).to.match(
      /: sudo sysctl fs\.inotify\.max_user_instances=512$/,
    );
    expect(watchLimitAdvice({ max_user_watches: 524_288, max_user_instances: 8192 })).to.equal(undefined);
  });
});
