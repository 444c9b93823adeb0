import { expect } from "chai";
import { waitFor, waitUntil } from "../../../host/wait.ts";
import { failureOf } from "../../support/failure.ts";

describe("waitFor", () => {
  it("waitFor returns the result of the first attempt that works", async () => {
    let tries = 0;
    expect(
      await waitFor("it", 10, async () =>
        ++tries < 3 ? Promise.reject(new Error("not yet")) : Promise.resolve(tries),
      ),
    ).to.equal(3);
  });

  it("waitFor fails after its deadline, with what was waited for and the last failure", async () => {
    const failure = await failureOf(waitFor("the thing", 0.5, () => Promise.reject(new TypeError("still not"))));
    expect(failure!.message).to.contain("the thing: not within 0.5 s").and.to.contain("still not");
  });
});

describe("waitUntil", () => {
  it("waitUntil returns true once the condition holds, after attempts that returned false or threw", async () => {
    let tries = 0;
    const holds = () => {
      tries++;
      if (tries === 1) throw new Error("not yet");
      return tries === 3;
    };
    expect(await waitUntil(holds, 10, { longestPauseMilliseconds: 10 })).to.equal(true);
    expect(tries).to.equal(3);
  });

  it("waitUntil returns false when the condition does not hold before the deadline", async () => {
    expect(await waitUntil(() => false, 0.2, { longestPauseMilliseconds: 10 })).to.equal(false);
    expect(await waitUntil(() => Promise.reject(new Error("broken")), 0.2)).to.equal(false);
  });

  it("waitUntil counts a last check that began in time and succeeded after the deadline", async () => {
    const slowSuccess = () => new Promise<boolean>((resolve) => setTimeout(resolve, 150, true));
    expect(await waitUntil(slowSuccess, 0.05)).to.equal(true);
  });
});
