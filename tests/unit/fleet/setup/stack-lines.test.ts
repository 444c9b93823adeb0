import { expect } from "chai";
import { linesOf } from "../../../../fleet/setup/stack-lines.ts";

describe("linesOf", () => {
  const printed = (stacks: readonly string[]) => {
    let text = "";
    return { lines: linesOf(stacks, (more) => (text += more)), text: () => text };
  };

  it("linesOf begins each line with its stack where there are several, however the parts of it come", () => {
    const { lines, text } = printed(["a", "long"]);
    const [a, long] = [lines("a"), lines("long")];
    a.write("first\nsec");
    long.say("one\ntwo");
    a.write("ond\n\nthird");
    a.say("said");
    a.write("rest");
    a.end();
    a.end();
    const expected = [
      "a    │ first",
      "long │ one",
      "long │ two",
      "a    │ second",
      "a    │ third",
      "a    │ said",
      "a    │ rest",
    ];
    expect(text()).to.equal(`${expected.join("\n")}\n`);
  });

  it("linesOf leaves the lines of a single stack as they are, after a title", () => {
    const { lines, text } = printed(["a"]);
    const a = lines("a");
    a.write("first\n\nsec");
    a.say("ond");
    a.end();
    expect(text()).to.equal("\n=== a ===\nfirst\n\nsecond\n");
  });
});
