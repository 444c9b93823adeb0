import { expect } from "chai";
import { loginSettings, refuseOtherPlatform } from "../../../../toolchain/docker-plugin/build-and-push.ts";

describe("refuseOtherPlatform", () => {
  it("refuseOtherPlatform accepts what was asked for, by any of its names and in any variant", () => {
    for (const [asked, is] of [
      ["linux/amd64", "linux/amd64"],
      ["linux/arm/v7", "linux/arm"],
      ["linux/arm64/v8", "linux/arm64"],
      ["linux/aarch64", "linux/arm64"],
    ] as const) {
      expect(() => refuseOtherPlatform("r/a:1", asked, is), asked).not.to.throw();
    }
  });

  it("refuseOtherPlatform refuses an image that is for another platform, and says what to do", () => {
    expect(() => refuseOtherPlatform("r/a:1", "linux/arm64", "linux/amd64"))
      .to.throw("r/a:1 was built for linux/amd64, not for linux/arm64")
      .with.property("message")
      .that.includes("Pull it for linux/arm64");
  });
});

describe("loginSettings", () => {
  it("loginSettings has one registry's login, and no other", () => {
    const settings = loginSettings({ server: "registry.example.com", username: "deploy", password: "p:w" });
    expect(JSON.parse(settings)).to.deep.equal({
      auths: { "registry.example.com": { auth: Buffer.from("deploy:p:w").toString("base64") } },
    });
  });
});
