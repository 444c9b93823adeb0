import { expect } from "chai";
import { createHttpServer } from "../../../../service/src/http.ts";
import { serverOptions } from "../../../../service/src/server-limits.ts";

describe("serverOptions", () => {
  const proxyIdleMilliseconds = 60_000;
  const slowestMilliseconds = 15_000;

  it("the service's limits close a slow connection within 15 seconds", () => {
    const { headersTimeout = NaN, requestTimeout = NaN, connectionsCheckingInterval = NaN } = serverOptions;
    expect(Math.max(headersTimeout, requestTimeout) + connectionsCheckingInterval).to.be.below(slowestMilliseconds);
    expect(createHttpServer(() => undefined).timeout).to.be.below(slowestMilliseconds);
  });

  it("the service's limits keep an idle connection longer than a proxy does", () => {
    expect(serverOptions.keepAliveTimeout).to.be.above(proxyIdleMilliseconds);
  });

  it("the service's limits are set on every server that createHttpServer returns", () => {
    const server = createHttpServer(() => undefined);
    expect(server).to.include({
      headersTimeout: serverOptions.headersTimeout,
      requestTimeout: serverOptions.requestTimeout,
      keepAliveTimeout: serverOptions.keepAliveTimeout,
      timeout: 12_000,
      maxConnections: 4096,
      maxHeadersCount: 0,
      maxRequestsPerSocket: 0,
    });
  });
});
