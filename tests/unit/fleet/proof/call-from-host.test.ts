import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { callFromHost } from "../../../../fleet/proof/call-from-host.ts";
import { createCertificate } from "../../../support/certificate.ts";
import { failureOf } from "../../../support/failure.ts";

describe("callFromHost", () => {
  it("a site whose certificate has an authority of its own answers who trusts that one, and nobody else", async () => {
    const { key, cert } = await createCertificate("localhost", ["127.0.0.1"]);
    const server = createServer({ key, cert }, (_, response) => response.end("hello"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const deadlineMilliseconds = 5000;
    try {
      const { status, body } = await callFromHost(url, { caCertificate: cert, deadlineMilliseconds });
      expect([status, body.toString("utf8")]).to.deep.equal([200, "hello"]);
      expect((await failureOf(callFromHost(url, { deadlineMilliseconds })))?.message).to.contain("self-signed");
    } finally {
      server.close();
    }
  });
});
