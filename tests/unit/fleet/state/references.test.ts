import { expect } from "chai";
import { parseStackConfig, type StackConfig } from "../../../../config/stack-config.ts";
import {
  awaitedPeers,
  dependents,
  dependentsFirst,
  localPeers,
  withDependents,
} from "../../../../fleet/state/references.ts";

/** The configurations of stacks, from the stacks that their peers name; a "?" stands for `whenAbsent: omit`. */
function configsOf(stacks: Record<string, string[]>): Map<string, StackConfig> {
  const entries = Object.entries(stacks).map(([stack, targets]) => {
    const peers = targets.map((target, index) => ({
      alias: `peer-${index}`,
      namespace: "default",
      stack: target.replace("?", ""),
      whenAbsent: target.endsWith("?") ? "omit" : "fail",
    }));
    const raw = { cluster: { name: stack, httpPort: 80 }, services: [], peers };
    return [stack, parseStackConfig(raw, { stack, project: "identity" })] as const;
  });
  return new Map(entries);
}

describe("withDependents", () => {
  it("withDependents adds those that can't do without one that failed, directly or not, and no others", () => {
    const configs = configsOf({
      a: ["b"],
      b: ["c"],
      c: [],
      d: ["c?"],
      e: ["organization/identity/a"],
      f: ["acme/x/c"],
    });
    const found = withDependents(["a", "b", "c", "d", "e", "f"], new Map([["c", "no room"]]), { configs });
    expect(Object.fromEntries(found)).to.deep.equal({
      c: "no room",
      b: "not tried: it refers to c, which failed",
      a: "not tried: it refers to b, which failed",
      e: "not tried: it refers to a, which failed",
    });
  });

  it("withDependents ends in a circle", () => {
    const configs = configsOf({ a: ["b"], b: ["a"] });
    expect([...withDependents(["a", "b"], new Map([["a", "no room"]]), { configs }).keys()]).to.deep.equal(["a", "b"]);
    expect(withDependents(["a", "b"], new Map(), { configs }).size).to.equal(0);
  });
});

describe("awaitedPeers", () => {
  const of = (stacks: Record<string, string[]>, existing: readonly string[]) => {
    const configs = configsOf(stacks);
    for (const name of existing) {
      const config = configs.get(name)!;
      configs.set(name, { ...config, cluster: { context: name, ingress: "none", policies: "made" } });
    }
    return (stack: string) => awaitedPeers(stack, Object.keys(stacks), { configs });
  };

  it("awaitedPeers are those whose URL only their cluster can tell", () => {
    const awaited = of({ a: ["b", "c"], b: [], c: [], d: ["acme/x/b"] }, ["b"]);
    expect(awaited("a")).to.deep.equal(["b"]);
    expect(awaited("d")).to.deep.equal([]);
  });

  it("nobody waits in a circle, and who is outside of it waits", () => {
    const awaited = of({ a: ["b"], b: ["c"], c: ["b"] }, ["b", "c"]);
    expect([awaited("a"), awaited("b"), awaited("c")]).to.deep.equal([["b"], [], []]);
    expect(of({ a: ["b"], b: ["a"] }, ["b"])("a")).to.deep.equal(["b"]);
  });
});

describe("dependents", () => {
  it("dependents returns the stacks that refer to a stack directly, in alphabetical order", () => {
    const configs = configsOf({
      d: ["staging?"],
      b: ["acme/identity/staging"],
      c: ["b"],
      staging: [],
      x: ["acme/other/staging"],
    });
    expect(dependents("staging", configs)).to.deep.equal(["b", "d"]);
    expect(dependents("d", configs)).to.deep.equal([]);
  });
});

describe("dependentsFirst", () => {
  it("every stack is put before those that it refers to", () => {
    const configs = configsOf({ a: ["b"], b: ["c"], c: [] });
    expect(dependentsFirst(["c", "b", "a"], { configs })).to.deep.equal(["a", "b", "c"]);
    expect(dependentsFirst(["c", "a"], { configs })).to.have.members(["a", "c"]);
  });

  it("stacks of a cycle are each returned once", () => {
    const configs = configsOf({ a: ["b"], b: ["a?"] });
    expect(dependentsFirst(["a", "b"], { configs }))
      .to.have.length(2)
      .and.to.have.members(["a", "b"]);
  });
});

describe("localPeers", () => {
  it("localPeers returns the stacks of this project that peers name, and no other project's", () => {
    const configs = configsOf({ a: ["b", "organization/identity/c"], d: ["organization/other/e"] });
    expect(localPeers(["a", "d", "missing"], { configs })).to.deep.equal(["b", "c"]);
  });
});
