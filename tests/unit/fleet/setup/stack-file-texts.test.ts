import { expect } from "chai";
import { hasSecret, withoutNewSalt } from "../../../../fleet/setup/stack-file-texts.ts";

const before = "config:\n  # a comment\n  identity:services: []\n";
const salt = "encryptionsalt: v1:abc=:v1:def:ghi==\n";

describe("withoutNewSalt", () => {
  it("a salt that Pulumi added to a file without secrets is taken out, and the rest stays to the byte", () => {
    expect(withoutNewSalt(before, before + salt)).to.equal(before);
    expect(withoutNewSalt(before, salt + before)).to.equal(before);
  });

  it("a file is as it was, to the byte, where Pulumi wrote the same values in a style of its own", () => {
    const own = "config:\n  a:b: { name: x, url: http://y }\n";
    expect(withoutNewSalt(own, `config:\n  a:b: {name: x, url: 'http://y'}\n${salt}`)).to.equal(own);
  });

  it("a salt stays that was there before, or that a secret needs", () => {
    expect(withoutNewSalt(before + salt, before + salt)).to.equal(undefined);
    const secret = "config:\n  identity:services:\n    - secretEnv:\n        KEY:\n          secure: v1:x\n";
    expect(withoutNewSalt(before, secret + salt)).to.equal(undefined);
  });

  it("what somebody changed in the meantime stays", () => {
    expect(withoutNewSalt(before, `${before}  a:b: 1\n${salt}`)).to.equal(`${before}  a:b: 1\n`);
    expect(withoutNewSalt(before, before)).to.equal(undefined);
  });
});

describe("hasSecret", () => {
  it("an encrypted value is found in every way of writing YAML, and no other word is taken for one", () => {
    for (const text of ["KEY: { secure: v1:x }", "KEY:\n  secure: v1:x", '{"KEY":{"secure":"v1:x"}}']) {
      expect(hasSecret(text), text).to.equal(true);
    }
    expect(hasSecret("insecure: true\nname: secure\n")).to.equal(false);
  });
});
