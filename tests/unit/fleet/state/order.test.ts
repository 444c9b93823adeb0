import { expect } from "chai";
import fc from "fast-check";
import { ConfigError } from "../../../../config/config-error.ts";
import { parseStackConfig, type StackConfig } from "../../../../config/stack-config.ts";
import {
  dependents,
  dependentsFirst,
  localPeers,
  OrderError,
  orderStacks,
  planOrder,
} from "../../../../fleet/state/order.ts";

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

const orderAll = (stacks: Record<string, string[]>) => orderStacks(Object.keys(stacks), configsOf(stacks));

describe("orderStacks", () => {
  it("stacks that do not refer to one another are put in alphabetical order", () => {
    expect(orderAll({ c: [], a: [], b: [] })).to.deep.equal({ order: ["a", "b", "c"], secondPass: [] });
  });

  it("each stack is put after those that it refers to", () => {
    expect(orderAll({ development: ["staging"], staging: [] }).order).to.deep.equal(["staging", "development"]);
    expect(orderAll({ a: ["b", "c"], b: ["d"], c: ["d"], d: [], e: [] }).order).to.deep.equal([
      "d",
      "b",
      "c",
      "a",
      "e",
    ]);
  });

  it("a peer's full stack name counts for the order when it names this project", () => {
    expect(orderAll({ a: ["organization/identity/b"], b: [] }).order).to.deep.equal(["b", "a"]);
    expect(orderAll({ a: ["acme/other/b"], b: [] }).order).to.deep.equal(["a", "b"]);
  });

  it("a stack is put after its peer even when the peer may be absent", () => {
    expect(orderAll({ a: ["b?"], b: [] })).to.deep.equal({ order: ["b", "a"], secondPass: [] });
  });

  it("orderStacks returns only the wanted stacks, each once", () => {
    const configs = configsOf({ a: ["b"], b: ["c"], c: [] });
    expect(orderStacks(["a", "c", "a"], configs).order).to.deep.equal(["a", "c"]);
    expect(orderStacks([], configs).order).to.deep.equal([]);
  });

  it("the order of stacks does not depend on the order in which they were named", () => {
    const configs = configsOf({ a: ["d"], b: [], c: ["a"], d: [] });
    expect(orderStacks(["c", "d", "a", "b"], configs)).to.deep.equal(orderStacks(["a", "b", "c", "d"], configs));
  });

  it("orderStacks refuses stacks without a file, and lists the known ones", () => {
    expect(() => orderStacks(["x", "a", "w"], configsOf({ b: [], a: [] }))).to.throw(
      OrderError,
      "There is no stack w: create Pulumi.w.yaml, or name another.\n" +
        "There is no stack x: create Pulumi.x.yaml, or name another.\n" +
        "Known stacks: a, b.",
    );
    expect(() => orderStacks(["a"], new Map())).to.throw(OrderError, "Known stacks: none.");
  });

  describe("of stacks in a cycle", () => {
    it("a cycle starts at a stack whose peer may be absent, and that stack gets a second pass", () => {
      expect(orderAll({ a: ["b"], b: ["a?"] })).to.deep.equal({ order: ["b", "a"], secondPass: ["b"] });
      expect(orderAll({ a: ["b?"], b: ["a?"] })).to.deep.equal({ order: ["a", "b"], secondPass: ["a"] });
      expect(orderAll({ a: ["b"], b: ["c"], c: ["a?"] })).to.deep.equal({ order: ["c", "b", "a"], secondPass: ["c"] });
    });

    it("a stack that only refers to a cycle is put after it", () => {
      const stacks = { "0": ["b?"], a: ["b?"], b: ["a"], z: ["0"] };
      expect(orderAll(stacks)).to.deep.equal({ order: ["a", "b", "0", "z"], secondPass: ["a"] });
    });

    it("each of several cycles has its own start", () => {
      expect(orderAll({ a: ["b?"], b: ["a"], c: ["d"], d: ["c?"] })).to.deep.equal({
        order: ["a", "b", "d", "c"],
        secondPass: ["a", "d"],
      });
    });

    it("a cycle is no cycle when one of its stacks is not wanted", () => {
      expect(orderStacks(["a"], configsOf({ a: ["b"], b: ["a"] }))).to.deep.equal({ order: ["a"], secondPass: [] });
    });

    it("a cycle on which every stack needs the next is refused, with its stacks in the message", () => {
      expect(() => orderAll({ a: ["b"], b: ["a"] })).to.throw(
        OrderError,
        /circle: a → b → a\. Write "whenAbsent: omit"/,
      );
      expect(() => orderAll({ c: ["b"], b: ["a"], a: ["c"], z: ["a"] })).to.throw(OrderError, "circle: a → c → b → a.");
    });

    it("a cycle is refused when only one of two peers on the same stack may be absent", () => {
      expect(() => orderAll({ a: ["b?", "b"], b: ["a"] })).to.throw(OrderError, "a → b → a");
      expect(() => orderAll({ a: ["b", "b?"], b: ["a"] })).to.throw(OrderError, "a → b → a");
    });

    it("the message about a refused cycle leaves out the peers that may be absent", () => {
      expect(() => orderAll({ a: ["b?", "c"], b: ["a"], c: ["a"] })).to.throw(OrderError, "a → c → a");
    });
  });

  it("orderStacks puts each stack of any fleet after those that it needs, or names a true cycle", () => {
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
          const path = /circle: (.*?)\./.exec((error as Error).message)?.[1]?.split(" → ") ?? [];
          // The path ends with the stack that it begins with.
          const cycle = path.slice(0, -1);
          for (const [index, name] of cycle.entries()) {
            expect(stacks[name]).to.include(cycle[index + 1] ?? cycle[0]);
          }
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

describe("planOrder", () => {
  const configs = configsOf({ a: ["b"], b: [] });
  const broken = new ConfigError("c", [{ at: ["cluster"], message: "missing" }]);

  it("planOrder takes every stack file when no stack is named", () => {
    expect(planOrder({ project: "identity", configs, problems: new Map() }, []).order).to.deep.equal(["b", "a"]);
  });

  it("planOrder reports the problems of the wanted stacks' files only", () => {
    const files = { project: "identity", configs, problems: new Map([["c", broken]]) };
    expect(planOrder(files, ["a"]).order).to.deep.equal(["a"]);
    expect(() => planOrder(files, ["a", "c"])).to.throw("Pulumi.c.yaml: cluster: missing");
    expect(() => planOrder(files, [])).to.throw("Pulumi.c.yaml: cluster: missing");
  });

  it("planOrder says what to write where there is no stack file at all", () => {
    const none = { project: "identity", configs: new Map<string, StackConfig>(), problems: new Map() };
    expect(() => planOrder(none, [])).to.throw("There is no Pulumi.<stack>.yaml here");
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
