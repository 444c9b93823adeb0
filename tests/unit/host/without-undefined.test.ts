import { expect } from "chai";
import { withoutUndefined } from "../../../host/without-undefined.ts";

describe("withoutUndefined", () => {
  it("withoutUndefined leaves out the keys whose value is undefined, and no other empty value", () => {
    const rest = { none: null, no: false, zero: 0, text: "", list: [], nested: { inner: undefined } };
    const object = { gone: undefined, ...rest };
    expect(Object.entries(withoutUndefined(object))).to.deep.equal(Object.entries(rest));
    expect(object).to.have.property("gone");
  });
});
