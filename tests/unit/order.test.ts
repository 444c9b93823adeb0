import { expect } from "chai";
import fc from "fast-check";
import { dependents, OrderError, orderStacks } from "../../fleet/state/order.ts";
import { parseStackConfig, type StackConfig } from "../../config/stack-config.ts";

/** Stacks with their peers; a question mark after a peer's stack says that it may be absent. */
function fleet(stacks: Record<string, string[]>): Map<string, StackConfig> {
  const entries = Object.entries(stacks).map(([stack, targets]) => {
    const peers = targets.map((target, index) => ({
      alias: `peer-${index}`,
      namespace: "default",
      stack: target.replace("?", ""),
      whenAbsent: target.endsWith("?") ? "omit" : "fail",
    }));
    const raw = { cluster: { name: stack, httpPort: 80 }, services: [], peers };
    return [stack, parseStackConfig(stack, raw)] as const;
  });
  return new Map(entries);
}

const orderAll = (stacks: Record<string, string[]>) => orderStacks(Object.keys(stacks), fleet(stacks));

describe("the order of stacks", () => {
  it("is alphabetical where nothing refers to anything", () => {
    expect(orderAll({ c: [], a: [], b: [] })).to.deep.equal({ order: ["a", "b", "c"], secondPass: [] });
  });

  it("puts each stack after those that it refers to", () => {
    expect(orderAll({ development: ["staging"], staging: [] }).order).to.deep.equal(["staging", "development"]);
    expect(orderAll({ a: ["b", "c"], b: ["d"], c: ["d"], d: [], e: [] }).order).to.deep.equal([
      "d",
      "b",
      "c",
      "a",
      "e",
    ]);
  });

  it("knows a stack of this project by its full name", () => {
    expect(orderAll({ a: ["organization/identity/b"], b: [] }).order).to.deep.equal(["b", "a"]);
    expect(orderAll({ a: ["acme/other/b"], b: [] }).order).to.deep.equal(["a", "b"]);
  });

  it("holds whether or not a peer may be absent", () => {
    expect(orderAll({ a: ["b?"], b: [] })).to.deep.equal({ order: ["b", "a"], secondPass: [] });
  });

  it("has only the stacks that are wanted, each once", () => {
    const configs = fleet({ a: ["b"], b: ["c"], c: [] });
    expect(orderStacks(["a", "c", "a"], configs).order).to.deep.equal(["a", "c"]);
    expect(orderStacks([], configs).order).to.deep.equal([]);
  });

  it("does not depend on the order in which the stacks are named", () => {
    const configs = fleet({ a: ["d"], b: [], c: ["a"], d: [] });
    expect(orderStacks(["c", "d", "a", "b"], configs)).to.deep.equal(orderStacks(["a", "b", "c", "d"], configs));
  });

  it("refuses stacks that have no file, and says which there are", () => {
    expect(() => orderStacks(["x", "a", "w"], fleet({ b: [], a: [] }))).to.throw(
      OrderError,
      "There is no stack w: create Pulumi.w.yaml, or name another.\n" +
        "There is no stack x: create Pulumi.x.yaml, or name another.\n" +
        "Known stacks: a, b.",
    );
    expect(() => orderStacks(["a"], new Map())).to.throw(OrderError, "Known stacks: none.");
  });

  describe("with a cycle", () => {
    it("starts where the peer may be absent, and comes back to it", () => {
      expect(orderAll({ a: ["b"], b: ["a?"] })).to.deep.equal({ order: ["b", "a"], secondPass: ["b"] });
      expect(orderAll({ a: ["b?"], b: ["a?"] })).to.deep.equal({ order: ["a", "b"], secondPass: ["a"] });
      expect(orderAll({ a: ["b"], b: ["c"], c: ["a?"] })).to.deep.equal({ order: ["c", "b", "a"], secondPass: ["c"] });
    });

    it("leaves a stack that merely waits for the cycle after it", () => {
      const stacks = { "0": ["b?"], a: ["b?"], b: ["a"], z: ["0"] };
      expect(orderAll(stacks)).to.deep.equal({ order: ["a", "b", "0", "z"], secondPass: ["a"] });
    });

    it("opens each cycle of its own", () => {
      expect(orderAll({ a: ["b?"], b: ["a"], c: ["d"], d: ["c?"] })).to.deep.equal({
        order: ["a", "b", "d", "c"],
        secondPass: ["a", "d"],
      });
    });

    it("is no cycle when one of its stacks isn't wanted", () => {
      expect(orderStacks(["a"], fleet({ a: ["b"], b: ["a"] }))).to.deep.equal({ order: ["a"], secondPass: [] });
    });

    it("names the cycle when every stack needs the next", () => {
      expect(() => orderAll({ a: ["b"], b: ["a"] })).to.throw(
        OrderError,
        /circle: a → b → a\. Write "whenAbsent: omit"/,
      );
      expect(() => orderAll({ c: ["b"], b: ["a"], a: ["c"], z: ["a"] })).to.throw(OrderError, "circle: a → c → b → a.");
    });

    it("is not opened by one peer of two on the same stack", () => {
      expect(() => orderAll({ a: ["b?", "b"], b: ["a"] })).to.throw(OrderError, "a → b → a");
      expect(() => orderAll({ a: ["b", "b?"], b: ["a"] })).to.throw(OrderError, "a → b → a");
    });

    it("names only the part of it that can't be opened", () => {
      expect(() => orderAll({ a: ["b?", "c"], b: ["a"], c: ["a"] })).to.throw(OrderError, "a → c → a");
    });
  });

  it("is right for any fleet", () => {
    const names = ["a", "b", "c", "d", "e"];
    const targets = (self: string) =>
      fc
        .subarray(names.filter((name) => name !== self))
        .chain((list) => fc.tuple(...list.map((name) => fc.constantFrom(name, `${name}?`))));
    const anyFleet = fc
      .tuple(...names.map(targets))
      .map((lists) => Object.fromEntries(names.map((name, index) => [name, lists[index] ?? []])));
    fc.assert(
      fc.property(anyFleet, (stacks) => {
        let result: ReturnType<typeof orderStacks>;
        try {
          result = orderAll(stacks);
        } catch (error) {
          expect(error).to.be.instanceOf(OrderError);
          const [, ...cycle] =
            /circle: (.*?)\./
              .exec((error as Error).message)?.[1]
              ?.split(" → ")
              .reverse() ?? [];
          for (const [index, name] of cycle.reverse().entries())
            expect(stacks[name]).to.include(cycle[index + 1] ?? cycle[0]);
          return;
        }
        const { order, secondPass } = result;
        expect([...order].sort()).to.deep.equal(names);
        const late = (stack: string, list: string[]) =>
          list.filter((target) => order.indexOf(target.replace("?", "")) > order.indexOf(stack));
        for (const [stack, list] of Object.entries(stacks)) {
          expect(late(stack, list).every((target) => target.endsWith("?"))).to.be.true;
          expect(secondPass.includes(stack)).to.equal(late(stack, list).length > 0);
        }
      }),
    );
  });
});

describe("a stack's dependents", () => {
  it("are those that refer to it themselves, in alphabetical order", () => {
    const configs = fleet({
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
