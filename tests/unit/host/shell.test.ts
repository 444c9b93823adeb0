import { expect } from "chai";
import { run } from "../../../host/command.ts";
import { quote } from "../../../host/shell.ts";

describe("quote", () => {
  it("a POSIX shell reads every quoted word back as it was", async () => {
    const words = [
      "plain",
      "",
      "two  words",
      "it's",
      "'",
      "''",
      '"double"',
      "$HOME ${HOME} $(id) `id`",
      "back\\slash\\",
      "a\nline\n",
      "\ttab",
      "*?[a-z]~!#&;|<>()",
      "-n",
      "größer →",
    ];
    const printed = await run("sh", ["-c", `printf '%s\\0' ${words.map(quote).join(" ")}`]);
    expect(printed.split("\0").slice(0, -1)).to.deep.equal(words);
  });
});
