import { expect } from "chai";
import { errorFailure, statusFailure } from "../../../../toolchain/core/fetch-failure.ts";

const caused = (code: string) => new TypeError("fetch failed", { cause: Object.assign(new Error("inner"), { code }) });

describe("statusFailure", () => {
  it("answers of busy servers pass, those about the file or the login don't", () => {
    for (const status of [408, 429, 500, 502, 503, 504])
      expect(statusFailure(status, "").passing, `${status}`).to.equal(true);
    for (const status of [401, 403, 404, 407, 410])
      expect(statusFailure(status, "").passing, `${status}`).to.equal(false);
  });

  it("a proxy that wants a login is told from a server that wants one", () => {
    expect(statusFailure(407, "Proxy Authentication Required").why).to.include("HTTPS_PROXY");
    expect(statusFailure(401, "Unauthorized").why).to.include("~/.netrc");
  });
});

describe("errorFailure", () => {
  it("the reason is found in the causes that fetch hides it in", () => {
    expect(errorFailure(caused("ECONNRESET"))).to.deep.include({ why: "the connection was cut", passing: true });
    expect(errorFailure(caused("ENOTFOUND"))).to.deep.include({ passing: false, local: false });
    expect(
      errorFailure(new TypeError("fetch failed", { cause: new AggregateError([caused("ECONNREFUSED")]) })).why,
    ).to.equal("the server refused the connection");
  });

  it("a full disk is a failure of this machine", () => {
    for (const code of ["ENOSPC", "EDQUOT"]) expect(errorFailure(caused(code)).local, code).to.equal(true);
  });

  it("every way of not trusting an authority leads to NODE_EXTRA_CA_CERTS", () => {
    for (const code of [
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
    ]) {
      expect(errorFailure(caused(code)), code).to.deep.include({ passing: false });
      expect(errorFailure(caused(code)).why, code).to.include("NODE_EXTRA_CA_CERTS");
    }
  });

  it("an error without a known code is told in its own innermost words", () => {
    expect(errorFailure(new TypeError("fetch failed", { cause: new Error("odd thing") })).why).to.equal("odd thing");
  });
});
