import { expect } from "chai";
import { createApp } from "../../../../../service/src/app.ts";
import { createHttpServer, listen } from "../../../../../service/src/http.ts";

describe("stripBasePath", () => {
  let url: string;
  let server: ReturnType<typeof createHttpServer>;
  before(async () => {
    const app = createApp({ name: "a", cluster: "b", logLevel: "silent", basePath: "/other/" });
    const handle = app.callback();
    server = createHttpServer((request, response) => void handle(request, response));
    url = `http://127.0.0.1:${await listen(server, 0)}`;
  });
  after(() => server.close());
  const get = async (path: string) => {
    const answer = await fetch(url + path);
    return `${answer.status} ${await answer.text()}`;
  };

  it("every route is served below the base path, and at its own path", async () => {
    for (const path of ["/cluster", "/other/cluster"]) expect(await get(path)).to.equal("200 This is a in cluster b");
    for (const path of ["/", "/other", "/other/", "/other?a=1"]) expect(await get(path)).to.equal("200 hello");
    expect(await get("/other/readyz")).to.equal("200 ok");
  });

  it("a path that only begins like the base path is another one", async () => {
    for (const path of ["/others", "/otherwise/cluster", "/other/other/cluster"]) {
      expect(await get(path)).to.match(/^404 /);
    }
  });
});
