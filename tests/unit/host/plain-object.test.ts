import { inspect } from "node:util";
import { expect } from "chai";
import { isPlainObject } from "../../../host/plain-object.ts";

describe("isPlainObject", () => {
  it("isPlainObject is true for keys and values, and false for lists, null and single values", () => {
    for (const value of [{}, { a: 1 }, Object.create(null)]) expect(isPlainObject(value)).to.equal(true);
    for (const value of [[], [{}], null, undefined, "text", 1, true, () => ({})]) {
      expect(isPlainObject(value), inspect(value)).to.equal(false);
    }
  });
});
