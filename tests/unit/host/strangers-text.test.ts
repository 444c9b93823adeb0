import { expect } from "chai";
import fc from "fast-check";
import { strangersLines, strangersText } from "../../../host/strangers-text.ts";

describe("strangersText", () => {
  it("plain text stays as it is, in any language", () => {
    for (const text of ["This is identity in cluster staging", "größer, 猫, שלום", "👍"]) {
      expect(strangersText(text)).to.equal(text);
    }
  });

  it("escape sequences go, and the text between them stays", () => {
    expect(strangersText("\u001b[31mred\u001b[0m")).to.equal("red");
    expect(strangersText("\u001b]8;;http://evil\u0007click\u001b]8;;\u0007")).to.equal("click");
  });

  it("lines become one, and a carriage return hides nothing", () => {
    expect(strangersText("a\r\nb\n\n\tc")).to.equal("a b c");
    expect(strangersText("evil\rgood")).to.equal("evil good");
  });

  it("control characters, and those that turn the direction of text, are replaced", () => {
    expect(strangersText("a\u0000b\u0085c\u202ed\u2066e\u200bf")).to.equal("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
  });

  it("a longer text is cut, and not within a character", () => {
    expect(strangersText("abcdef", 4)).to.equal("abc…");
    expect(strangersText("👍👍👍", 2)).to.equal("👍…");
    expect(strangersText("x".repeat(1_000_000))).to.have.length(200);
  });

  it("whatever it is given, it returns one line of visible text of the length asked for", () => {
    const any = fc.string({ unit: "binary", maxLength: 500 });
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 50 }), (text, longest) => {
        const shown = strangersText(text, longest);
        return (
          Array.from(shown).length <= longest && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(shown) && shown.isWellFormed()
        );
      }),
    );
  });
});

describe("strangersLines", () => {
  it("lines and tabs stay, and nothing else that a terminal would obey", () => {
    expect(strangersLines("a\r\n\tb\u001b[2Jc\u0000\n")).to.equal("a\n\tbc\ufffd\n");
  });
});
