import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect } from "chai";
import { isFreeAfter, portIsFree } from "../../../host/port.ts";

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

describe("isFreeAfter", () => {
  const looks = (answers: boolean, isPublished: boolean) => ({
    answers: () => Promise.resolve(answers),
    isPublished: () => Promise.resolve(isPublished),
  });
  const never = { answers: () => Promise.reject(new Error()), isPublished: () => Promise.reject(new Error()) };

  it("a port that may not be listened on is taken when something answers there, or a container publishes it", async () => {
    expect(await isFreeAfter("EACCES", looks(true, false))).to.equal(false);
    expect(await isFreeAfter("EACCES", looks(false, true))).to.equal(false);
    expect(await isFreeAfter("EACCES", looks(false, false))).to.equal(true);
  });

  it("a port that could be listened on is free, and one in use is taken, without another look", async () => {
    expect(await isFreeAfter(undefined, never)).to.equal(true);
    expect(await isFreeAfter("EADDRINUSE", never)).to.equal(false);
    expect(await isFreeAfter("EADDRNOTAVAIL", never)).to.equal(true);
  });
});
