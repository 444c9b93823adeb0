import { expect } from "chai";
import { initArguments } from "../../../../fleet/state/open-workspace.ts";

describe("initArguments", () => {
  it("a stack is made with the secrets provider that its file names, and with the backend's own otherwise", () => {
    const own = ["stack", "init", "prod", "--no-select"];
    expect(initArguments("prod")).to.deep.equal(own);
    expect(initArguments("prod", { encryptionSalt: "v1:a:b" })).to.deep.equal(own);
    const settings = { secretsProvider: "awskms://alias/fleet?region=eu-west-1" };
    expect(initArguments("prod", settings)).to.deep.equal([...own, "--secrets-provider", settings.secretsProvider]);
  });
});
