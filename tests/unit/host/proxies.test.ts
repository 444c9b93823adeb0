import { expect } from "chai";
import { nodeProxyExceptions, proxyFor } from "../../../host/proxies.ts";

describe("proxies", () => {
  const registry = "c-registry";

  it("without a proxy, kind is told nothing", () => {
    expect(nodeProxyExceptions(registry, { NO_PROXY: "a", HTTP_PROXY: "" }, undefined)).to.deep.equal({});
  });

  it("the registry is added to the exceptions of the environment, in both spellings", () => {
    const env = { https_proxy: "http://p", NO_PROXY: "a,b", no_proxy: "b, c" };
    const all = "a,b,c,c-registry";
    // Docker's own exceptions belong to Docker's own proxy.
    expect(nodeProxyExceptions(registry, env, { noProxy: "d" })).to.deep.equal({ NO_PROXY: all, no_proxy: all });
  });

  it("a proxy in Docker's configuration counts as well, with its exceptions", () => {
    const all = "d,c-registry";
    expect(nodeProxyExceptions(registry, {}, { httpProxy: "http://p", noProxy: "d" })).to.deep.equal({
      NO_PROXY: all,
      no_proxy: all,
    });
  });

  it("proxyFor takes an engine's own proxy before the default one, and tolerates any file", () => {
    const text = JSON.stringify({ proxies: { default: { httpProxy: "a" }, "unix:///s": { httpProxy: "b" } } });
    expect(proxyFor("unix:///s", text)?.httpProxy).to.equal("b");
    expect(proxyFor("unix:///t", text)?.httpProxy).to.equal("a");
    for (const other of ["", "{", "[]", '{"proxies":1}']) expect(proxyFor("x", other)).to.equal(undefined);
  });
});
