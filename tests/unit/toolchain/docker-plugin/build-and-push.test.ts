import { expect } from "chai";
import { loginSettings } from "../../../../toolchain/docker-plugin/build-and-push.ts";

describe("loginSettings", () => {
  it("loginSettings has one registry's login, and no other", () => {
    const settings = loginSettings({ server: "registry.example.com", username: "deploy", password: "p:w" });
    expect(JSON.parse(settings)).to.deep.equal({
      auths: { "registry.example.com": { auth: Buffer.from("deploy:p:w").toString("base64") } },
    });
  });
});
