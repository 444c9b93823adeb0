import { expect } from "chai";
import { whileUnderWay } from "../../../host/while-under-way.ts";
import { failureOf } from "../../support/failure.ts";

describe("whileUnderWay", () => {
  it("what is asked twice at once is asked once, and what is asked later is asked anew", async () => {
    const asked: string[] = [];
    const ask = whileUnderWay(async (what) => {
      asked.push(what);
      return Promise.resolve(`${what} ${asked.length}`);
    });
    expect(await Promise.all([ask("a"), ask("b"), ask("a")])).to.deep.equal(["a 1", "b 2", "a 1"]);
    expect(await ask("a")).to.equal("a 3");
  });

  it("a failure is told to all who asked, and is not kept", async () => {
    const failures = [new Error("no answer")];
    const ask = whileUnderWay(async () => {
      const failure = failures.pop();
      return failure === undefined ? Promise.resolve("answer") : Promise.reject(failure);
    });
    const both = await Promise.all([failureOf(ask("a")), failureOf(ask("a"))]);
    expect(both.map((failure) => failure?.message)).to.deep.equal(["no answer", "no answer"]);
    expect(await ask("a")).to.equal("answer");
  });
});
