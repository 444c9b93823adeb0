import { expect } from "chai";
import { skipperArgs } from "../../../../infra/manifest/skipper.ts";
import { serverOptions } from "../../../../service/src/server-limits.ts";

describe("skipperArgs", () => {
  // infra/ may not import service/, so both have the numbers.
  it("Skipper's time limits for reading a client's request are the service's", () => {
    const { headersTimeout = NaN, requestTimeout = NaN } = serverOptions;
    expect(skipperArgs(9999)).to.include.members([
      `-read-header-timeout-server=${headersTimeout / 1000}s`,
      `-read-timeout-server=${requestTimeout / 1000}s`,
    ]);
  });
});
