import { expect } from "chai";
// @ts-expect-error: plain JavaScript, which any Node can run
import * as proxy from "../../../bootstrap/proxy.mjs";

const { proxySettings } = proxy as { proxySettings: (env: Record<string, string>) => Record<string, string> };

describe("proxySettings", () => {
  it("proxySettings makes Node use a proxy, except for this machine's own addresses", () => {
    expect(proxySettings({ PATH: "/bin" })).to.deep.equal({});
    const own = "localhost,127.0.0.1,::1";
    expect(proxySettings({ https_proxy: "http://proxy:3128" })).to.deep.equal({
      NODE_USE_ENV_PROXY: "1",
      NO_PROXY: own,
      no_proxy: own,
    });
    const excluded = `.example.com,${own}`;
    expect(
      proxySettings({ HTTP_PROXY: "http://proxy:3128", NO_PROXY: ".example.com,localhost", NODE_USE_ENV_PROXY: "0" }),
    ).to.deep.equal({
      NODE_USE_ENV_PROXY: "0",
      NO_PROXY: ".example.com,localhost,127.0.0.1,::1",
      no_proxy: ".example.com,localhost,127.0.0.1,::1",
    });
    expect(proxySettings({ HTTP_PROXY: "http://proxy:3128", NO_PROXY: ".example.com" }).no_proxy).to.equal(excluded);
  });
});
