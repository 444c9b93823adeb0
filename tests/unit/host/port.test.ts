import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect } from "chai";
import { portIsFree } from "../../../host/port.ts";

describe("portIsFree", () => {
  it("portIsFree returns false while a server listens on the port, and true after it has closed", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await portIsFree(port)).to.equal(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await portIsFree(port)).to.equal(true);
  });
});
