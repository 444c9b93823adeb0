import { expect } from "chai";
import { isDead, lockedMessage, parseLock } from "../../../../fleet/state/stale-lock.ts";

/** As Pulumi's file backend writes it. */
const text = `{"pid":4711,"username":"me","hostname":"laptop","timestamp":"2026-11-26T10:00:00.123456789Z"}`;

describe("locks of Pulumi's file backend", () => {
  const lock = parseLock(text)!;
  const at = (time: string) => new Date(`2026-11-26T${time}Z`);
  const running = { hostname: "laptop", running: true };

  it("parseLock reads a lock, and tolerates half of one", () => {
    expect(lock).to.deep.include({ pid: 4711, username: "me", hostname: "laptop" });
    for (const other of ["", '{"pid":', "[]", "null", '{"pid":"x"}']) expect(parseLock(other)).to.equal(undefined);
  });

  it("a lock is dead when its process has ended, and held while it runs", () => {
    expect(isDead(lock, { ...running, running: false })).to.equal(true);
    expect(isDead(lock, { ...running, process: { program: "pulumi", startedAt: at("09:59:59") } })).to.equal(false);
    expect(isDead(lock, running)).to.equal(false);
  });

  it("a lock is dead when its process's number was given to another one", () => {
    expect(isDead(lock, { ...running, process: { program: "bash", startedAt: at("09:00:00") } })).to.equal(true);
    expect(isDead(lock, { ...running, process: { program: "pulumi", startedAt: at("11:00:00") } })).to.equal(true);
  });

  it("a lock of another machine is never taken for dead", () => {
    expect(isDead(lock, { hostname: "tower", running: false })).to.equal(false);
  });

  it("lockedMessage keeps path, process, user, machine and time on one line, and names a command", () => {
    const message = lockedMessage(
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the " +
        "lock file with `pulumi cancel`.\n  file:///p/.fleet/state/.pulumi/locks/organization/identity/staging/1.json: " +
        "created by me@laptop (pid 4711) at 2026-11-26T10:00:00Z",
    )!;
    expect(message.split("\n")).to.have.length(1);
    for (const part of [
      "/staging/1.json",
      "process 4711",
      "me on laptop",
      "2026-11-26T10:00:00Z",
      "--stack staging)",
    ]) {
      expect(message).to.contain(part);
    }
    expect(lockedMessage("error: something else")).to.equal(undefined);
  });
});
