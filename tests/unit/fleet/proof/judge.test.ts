import { expect } from "chai";
import type { AnswerRule } from "../../../../config/prove-config.ts";
import { judge } from "../../../../fleet/proof/judge.ts";

const verdict = (rule: Partial<AnswerRule>, status: number, body = "") =>
  judge({ path: "/", ...rule }, { status, body: Buffer.from(body) });

describe("judge", () => {
  it("without any wish, every status is right with which Kubernetes' own probes are content", () => {
    for (const status of [200, 204, 301, 399]) expect(verdict({}, status), String(status)).to.equal(undefined);
    for (const status of [101, 400, 404, 500])
      expect(verdict({}, status)).to.contain("expected status 200 to 399 at /");
  });

  it("a status that was asked for must be the one", () => {
    expect(verdict({ status: 401 }, 401)).to.equal(undefined);
    expect(verdict({ status: 401 }, 200, "hello")).to.equal('expected status 401 at /, got 200 "hello"');
  });

  it("a text that was asked for must be in the body of a good answer", () => {
    expect(verdict({ contains: "hello" }, 200, "oh hello there")).to.equal(undefined);
    expect(verdict({ contains: "hello" }, 200, "Hello")).to.equal('expected a body with "hello" at /, got 200 "Hello"');
    expect(verdict({ contains: "hello" }, 500, "hello")).to.contain("expected status");
  });

  const web = { name: "web", tags: ["a", { b: 1 }], extra: null };
  const accepted: [wanted: unknown, what: string][] = [
    [{ name: "web" }, "one member"],
    [{}, "any object"],
    [{ tags: ["a", { b: 1 }], name: "web" }, "several members, in any order"],
    [{ extra: null }, "null"],
  ];
  for (const [json, what] of accepted) {
    it(`a body holds JSON with ${what}`, () => expect(verdict({ json }, 200, JSON.stringify(web))).to.equal(undefined));
  }

  const rejected: [wanted: unknown, body: string, what: string][] = [
    [{ name: "other" }, JSON.stringify(web), "another value"],
    [{ missing: null }, JSON.stringify(web), "a member that is not there"],
    [{ tags: ["a"] }, JSON.stringify(web), "a shorter list"],
    [{ name: "web" }, "<html>", "what is no JSON"],
    [{ toString: {} }, "{}", "what every object inherits"],
    [[], "{}", "an object for a list"],
    [null, "", "an empty body for null"],
  ];
  for (const [json, body, what] of rejected) {
    it(`a body does not hold the JSON that was asked for with ${what}`, () =>
      expect(verdict({ json }, 200, body)).to.match(/^expected JSON with .* at \/, got 200/));
  }

  it("an identity must be the one, and where none is known, there must be one", () => {
    const identity = { name: "identity", cluster: "staging" };
    expect(verdict({ identity }, 200, "This is identity in cluster staging")).to.equal(undefined);
    expect(verdict({ identity }, 200, "This is identity in cluster other")).to.equal(
      'expected "This is identity in cluster staging", got 200 "This is identity in cluster other"',
    );
    expect(verdict({ identity }, 404, "This is identity in cluster staging")).to.be.a("string");
    expect(verdict({ identity: "any" }, 200, "This is a in cluster b")).to.equal(undefined);
    expect(verdict({ identity: "any" }, 200, "<html>")).to.contain('"prove"');
  });
});
