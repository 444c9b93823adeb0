import { expect } from "chai";
import { imageProvider } from "../../../../toolchain/docker-plugin/image-provider.ts";

describe("imageProvider", () => {
  it("the docker plugin's stand-in refuses all other resources and functions, and says that it is the stand-in", async () => {
    const { check, invoke } = imageProvider();
    const urn = "urn:pulumi:s::p::my:Component$docker:index/network:Network::n";
    const checked = await check?.(urn, {}, {});
    expect(checked?.failures?.[0]?.reason).to.include("stand-in").and.include("docker:index/network:Network");
    expect(await invoke?.("docker:index/getNetwork:getNetwork", {}).catch(String)).to.include("stand-in");
  });
});
