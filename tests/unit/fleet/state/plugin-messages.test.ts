import { expect } from "chai";
import { isAnsweredToo } from "../../../../fleet/state/plugin-messages.ts";

describe("isAnsweredToo", () => {
  it("knows what Pulumi's SDK prints of an error that it answers, too", () => {
    const error = new TypeError("port 80\nis taken");
    expect(isAnsweredToo(`${error}: ${error.stack}`)).to.be.true;
  });

  for (const text of [
    "the context kind-a is still in /root/.kube/config, which can't be written (EACCES)",
    "Error: Error\nno trace",
    new Error("nobody has caught this").stack ?? "",
    "",
  ]) {
    it(`shows ${JSON.stringify(text.slice(0, 30))}`, () => {
      expect(isAnsweredToo(text)).to.be.false;
    });
  }
});
