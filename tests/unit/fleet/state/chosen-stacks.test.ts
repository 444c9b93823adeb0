import { expect } from "chai";
import { ConfigError } from "../../../../config/config-error.ts";
import { parseStackConfig } from "../../../../config/stack-config.ts";
import { chooseStacks } from "../../../../fleet/state/chosen-stacks.ts";
import { UserError } from "../../../../fleet/user-error.ts";

describe("chooseStacks", () => {
  const config = (stack: string) =>
    parseStackConfig({ cluster: { name: stack, httpPort: 80 }, services: [] }, { stack, project: "identity" });
  const configs = new Map(["b", "a"].map((stack) => [stack, config(stack)]));
  const files = { project: "identity", configs, problems: new Map() };

  it("chooseStacks takes every stack file when no stack is named, and each stack once", () => {
    expect(chooseStacks(files, [])).to.deep.equal(["a", "b"]);
    expect(chooseStacks(files, ["b", "b"])).to.deep.equal(["b"]);
  });

  it("chooseStacks reports the problems of the wanted stacks' files only", () => {
    const broken = new ConfigError("c", [{ at: ["cluster"], message: "missing" }]);
    const others = { ...files, problems: new Map([["c", broken]]) };
    expect(chooseStacks(others, ["a"])).to.deep.equal(["a"]);
    expect(() => chooseStacks(others, ["a", "c"])).to.throw("Pulumi.c.yaml: cluster: missing");
    expect(() => chooseStacks(others, [])).to.throw("Pulumi.c.yaml: cluster: missing");
  });

  it("chooseStacks refuses stacks without a file, and lists the known ones", () => {
    expect(() => chooseStacks(files, ["x", "a", "w"])).to.throw(
      UserError,
      "There is no stack w: create Pulumi.w.yaml, or name another.\n" +
        "There is no stack x: create Pulumi.x.yaml, or name another.\nKnown stacks: a, b.",
    );
  });

  it("chooseStacks says what to write where there is no stack file at all", () => {
    expect(() => chooseStacks({ ...files, configs: new Map() }, [])).to.throw("There is no Pulumi.<stack>.yaml here");
  });
});
