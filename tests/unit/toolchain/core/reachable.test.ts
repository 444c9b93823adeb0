import { expect } from "chai";
import { reachable } from "../../../../toolchain/core/reachable.ts";
import { freePort } from "../../../support/free-port.ts";
import { useFileServer } from "../../../support/file-server.ts";

describe("reachable", () => {
  const server = useFileServer({ "/kind": "#!/bin/sh\n" });

  it("reachable requests each address once in a run", async () => {
    const { url } = server;
    expect(await Promise.all([reachable(`${url}/kind`), reachable(`${url}/kind`)])).to.deep.equal([
      { reachable: true, bytes: 10 },
      { reachable: true, bytes: 10 },
    ]);
    expect(await reachable(`${url}/none`)).to.deep.equal({
      reachable: false,
      why: "the server answered 404 Not Found",
    });
    expect(await reachable(`http://127.0.0.1:${await freePort()}/kind`)).to.deep.equal({
      reachable: false,
      why: "the server refused the connection",
    });
    expect(server.requested).to.deep.equal(["/kind", "/none"]);
  });
});
