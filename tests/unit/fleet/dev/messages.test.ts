import { expect } from "chai";
import { changedMessage, connectedMessage, deliveredMessage, logLine } from "../../../../fleet/dev/messages.ts";

const times = { noticed: 30, built: 60, served: 480 };

describe("dev/messages", () => {
  it("a delivery's message has what took how long, and the sum", () => {
    expect(deliveredMessage("staging", { pods: 4 }, times)).to.equal(
      "staging: serves it 0.57 s after the save (noticed 0.03, built 0.06, 4 pods 0.48)",
    );
    expect(deliveredMessage("staging", { pods: 1 }, { ...times, pushed: 120 })).to.equal(
      "staging: serves it 0.69 s after the save (noticed 0.03, built 0.06, pushed 0.12, 1 pod 0.48)",
    );
  });

  it("a failure's message has each reason once, with its pods, and says what serves", () => {
    const reason = "it ended with status 1\nReferenceError: x is not defined\n";
    const failures = [
      { pod: "a", reason },
      { pod: "b", reason },
      { pod: "c", reason: "it does not serve yet, after 30 s" },
    ];
    expect(deliveredMessage("staging", { failures }, times)).to.equal(
      "staging: what served before goes on serving; a, b: it ended with status 1\n    ReferenceError: x is not defined\n" +
        "staging: what served before goes on serving; c: it does not serve yet, after 30 s",
    );
  });

  it("a cluster that is away is told to get it later", () => {
    expect(deliveredMessage("staging", "away", times)).to.match(/can't be reached, and gets it when it is back/);
  });

  it("connectedMessage says what a cluster serves at the beginning", () => {
    expect(connectedMessage("staging", "identity", { pods: 4 })).to.equal(
      "staging: 4 pods of identity serve what is on disk",
    );
  });

  it("changedMessage names three files, and counts the others", () => {
    expect(changedMessage(["a", "a", "b"])).to.equal("a, b changed");
    expect(changedMessage(["a", "b", "c", "d", "e"])).to.equal("a, b, c and 2 more changed");
  });

  it("a log's line has its cluster and service first, no control sequences, and an end", () => {
    expect(logLine("staging", "shop/web", "\u001b[2J\u001b]0;title\u0007hello")).to.equal("staging shop/web │ hello");
    expect(logLine("staging", "shop/web", "x".repeat(10_000)).length).to.be.below(2_100);
  });
});
