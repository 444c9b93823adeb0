import { expect } from "chai";
import { findLogin } from "../../../host/netrc.ts";

describe("findLogin", () => {
  it("findLogin returns the login of the machine, on one line or several", () => {
    const text = "machine a.example.com login me password one\nmachine b.example.com\n  login you\n  password two\n";
    expect(findLogin(text, "a.example.com")).to.deep.equal({ user: "me", password: "one" });
    expect(findLogin(text, "b.example.com")).to.deep.equal({ user: "you", password: "two" });
    expect(findLogin(text, "c.example.com")).to.equal(undefined);
  });

  it("findLogin returns the default login for a machine that has none", () => {
    const text = "machine a login me password one\ndefault login any password all\n";
    expect(findLogin(text, "b")).to.deep.equal({ user: "any", password: "all" });
    expect(findLogin(text, "a")).to.deep.equal({ user: "me", password: "one" });
  });

  it("findLogin passes over macros, whatever their words are", () => {
    const text =
      "machine a login me password one\nmacdef init\nmachine b login no password no\n\nmachine c login x password y\n";
    expect(findLogin(text, "b")).to.equal(undefined);
    expect(findLogin(text, "c")).to.deep.equal({ user: "x", password: "y" });
  });

  it("findLogin returns nothing from a file without a login", () => {
    expect(findLogin("", "a")).to.equal(undefined);
    expect(findLogin("machine a password only", "a")).to.equal(undefined);
  });
});
