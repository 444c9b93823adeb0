import { connect } from "node:net";
import { once } from "node:events";
import { expect } from "chai";
import { startSharedPlugins } from "../../../../fleet/state/shared-plugins.ts";

describe("the plugins that stacks share", () => {
  it("are started once, and listen where Pulumi is told", async function () {
    this.timeout(30_000);
    const [ports, again] = await Promise.all([startSharedPlugins(), startSharedPlugins()]);
    expect(ports)
      .to.match(/^pulumi-nodejs:\d+(,docker:\d+)?$/)
      .and.to.equal(again);
    for (const [, port] of ports?.matchAll(/:(\d+)/g) ?? []) {
      const socket = connect(Number(port), "127.0.0.1");
      await once(socket, "connect");
      socket.destroy();
    }
  });
});
