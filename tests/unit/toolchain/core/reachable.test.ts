import { expect } from "chai";
import { reachable } from "../../../../toolchain/core/reachable.ts";
import { useFileServer } from "../../../support/file-server.ts";

describe("reachable", () => {
  const server = useFileServer({ "/kind": "#!/bin/sh\n" });

  it("reachable requests each address once in a run", async () => {
    const { url } = server;
    expect(await Promise.all([reachable(`${url}/kind`), reachable(`${url}/kind`)])).to.deep.equal([true, true]);
    expect(await reachable(`${url}/none`)).to.equal(false);
    expect(await reachable("http://127.0.0.1:1/kind")).to.equal(false);
    expect(server.requested).to.deep.equal(["/kind", "/none"]);
  });
});
