import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { lostImages, manifestUrl } from "../../../../fleet/drift/lost-images.ts";

describe("lostImages", () => {
  let server: Server;
  let host: string;
  before((done) => {
    server = createServer((request, response) => {
      const known = request.method === "HEAD" && request.url === "/v2/identity/manifests/sha256:1";
      response.writeHead(known ? 200 : 404).end();
    }).listen(0, "127.0.0.1", () => {
      host = `localhost:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after(() => server.close());

  const image = (reference: string) => ({ urn: "u", reference });

  it("an image is lost when its registry does not have its manifest", async () => {
    const kept = image(`${host}/identity@sha256:1`);
    const lost = image(`${host}/identity@sha256:2`);
    expect(await lostImages([kept, lost])).to.deep.equal([lost]);
  });

  it("a registry that does not answer has lost nothing", async () => {
    expect(await lostImages([image("localhost:1/identity@sha256:1")])).to.deep.equal([]);
  });

  it("a manifest is asked for at its registry, under the repository's whole name", () => {
    expect(manifestUrl("localhost:5081/team/api@sha256:1")).to.equal(
      "http://127.0.0.1:5081/v2/team/api/manifests/sha256:1",
    );
  });
});
