import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import {
  DownloadFailed,
  fetchFile,
  type FetchOptions,
  fetchText,
  type Received,
} from "../../../../toolchain/core/fetch-file.ts";
import { createCertificate } from "../../../support/certificate.ts";
import { setVariable } from "../../../support/environment-variable.ts";
import { failureOf } from "../../../support/failure.ts";
import { body, cut, stall, status, useFaultyServer } from "../../../support/faulty-server.ts";
import { freePort } from "../../../support/free-port.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

const quick: FetchOptions = { pauseSeconds: [0.01, 0.01], silenceSeconds: 5 };
const module = join(import.meta.dirname, "..", "..", "..", "..", "toolchain", "core", "fetch-file.ts");

/** Downloads in a process of its own, which reads some settings when it starts. */
async function fetchElsewhere(url: string, file: string, env: Record<string, string>): Promise<string> {
  const script = `import { fetchFile } from ${JSON.stringify(module)};
    const [url, file] = process.argv.slice(1);
    await fetchFile(url, file, { pauseSeconds: [] }).catch((error) => console.log(error.message));`;
  const args = ["--input-type=module-typescript", "--no-warnings", "--eval", script, url, file];
  return (await execa(process.execPath, args, { env })).stdout;
}

describe("fetchFile", () => {
  const folder = useTemporaryFolder();
  const server = useFaultyServer();
  const file = () => join(folder(), "kind");
  const download = (options = quick) => fetchFile(`${server.url}/kind`, file(), options);
  const content = () => readFileSync(file(), "utf8");

  it("a download reports how much has arrived, and how much there is", async () => {
    server.answer(body("#!/bin/sh\n"));
    const received: Received[] = [];
    await download({ ...quick, onReceived: (part) => received.push(part) });
    expect(content()).to.equal("#!/bin/sh\n");
    expect(received.at(-1)).to.deep.equal({ bytes: 10, ofBytes: 10 });
  });

  const passing: [string, RequestListener][] = [
    ["is cut", cut],
    ["meets a server that is overloaded", status(503)],
    ["meets a server's 500", status(500)],
    ["meets a server that has too many requests", status(429, { "retry-after": "0" })],
  ];
  for (const [what, fault] of passing) {
    it(`a download that ${what} is tried again, and has the whole content then`, async () => {
      server.answer(fault, body("whole"));
      await download();
      expect(content()).to.equal("whole");
      expect(server.requested).to.have.length(2);
    });
  }

  it("a download that keeps failing says how often it was tried, and why it failed last", async () => {
    server.answer(status(503));
    const failure = await failureOf(download());
    expect(failure).to.be.instanceOf(DownloadFailed);
    expect(failure?.message).to.equal(
      `${server.url}/kind could not be downloaded (in 3 attempts): the server answered 503 Service Unavailable.`,
    );
  });

  for (const [code, words] of [
    [403, "403 Forbidden: put a login for this server into ~/.netrc"],
    [404, "404 Not Found."],
  ] as const) {
    it(`a download that is answered by ${code} is not tried again, since nothing would change`, async () => {
      server.answer(status(code));
      const failure = await failureOf(download());
      expect(failure).to.be.instanceOf(DownloadFailed);
      expect(failure?.message).to.include(words);
      expect(server.requested).to.have.length(1);
    });
  }

  it("a server that falls silent has failed, however slow others may be", async () => {
    server.answer(stall);
    const failure = await failureOf(download({ pauseSeconds: [], silenceSeconds: 0.2 }));
    expect(failure?.message).to.include("the server has sent nothing for 0.2 s");
  });

  it("a slow download goes on as long as something arrives", async () => {
    server.answer((_request, response) => {
      response.writeHead(200);
      let parts = 0;
      const timer = setInterval(() => {
        response.write("x");
        if (++parts < 6) return;
        clearInterval(timer);
        response.end();
      }, 100);
    });
    await download({ pauseSeconds: [], silenceSeconds: 0.35 });
    expect(content()).to.equal("xxxxxx");
  });

  it("a full disk ends a download with a message that is final, since no other source would help", async function () {
    if (!existsSync("/dev/full")) return this.skip();
    server.answer(body("x".repeat(100_000)));
    const failure = await failureOf(fetchFile(`${server.url}/kind`, "/dev/full", quick));
    expect(failure).to.be.an("error").and.not.instanceOf(DownloadFailed);
    expect(failure?.message).to.include("the disk is full");
    expect(server.requested).to.have.length(1);
  });

  it("a server that refuses the connection is named with the reason", async () => {
    const url = `http://127.0.0.1:${await freePort()}/kind`;
    const failure = await failureOf(fetchFile(url, file(), quick));
    expect(failure?.message).to.equal(`${url} could not be downloaded: the server refused the connection.`);
  });

  it("a text is downloaded like a file", async () => {
    server.answer(status(502), body("sum"));
    expect(await fetchText(`${server.url}/sums`, quick)).to.equal("sum");
  });

  describe("with a login in netrc", () => {
    let restore: () => void;
    beforeEach(async () => {
      restore = setVariable("NETRC", join(folder(), "netrc"));
      await writeFile(join(folder(), "netrc"), "machine localhost login me password secret\n");
    });
    afterEach(() => restore());
    const basic = `Basic ${Buffer.from("me:secret").toString("base64")}`;

    it("a download is asked for with the login of its server", async () => {
      server.answer(body("x"));
      await download();
      expect(server.requested).to.deep.equal([`/kind ${basic}`]);
    });

    it("a redirect to another host is followed, without the login", async () => {
      const other = createServer((request, response) => response.end(request.headers.authorization ?? "none"));
      other.listen(0, "127.0.0.1");
      await once(other, "listening");
      const { port } = other.address() as AddressInfo;
      server.answer(status(302, { location: `http://127.0.0.1:${port}/storage` }));
      await download();
      other.close();
      expect(content()).to.equal("none");
    });
  });

  it("a proxy in the environment is used", async () => {
    server.answer(body("by proxy"));
    const asked: (string | undefined)[] = [];
    const proxy = createServer().on("connect", (request, socket: Socket) => {
      asked.push(request.url);
      const target = connect(Number(new URL(server.url).port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const { port } = proxy.address() as AddressInfo;
    const env = { HTTP_PROXY: `http://127.0.0.1:${port}`, NODE_USE_ENV_PROXY: "1", NO_PROXY: "", no_proxy: "" };
    expect(await fetchElsewhere("http://releases.invalid/kind", file(), env)).to.equal("");
    proxy.close();
    expect(content()).to.equal("by proxy");
    expect(asked).to.deep.equal(["releases.invalid:80"]);
  });
});

describe("fetchFile from a server with an authority of its own", () => {
  let tls: { key: string; cert: string };
  before(async () => {
    tls = await createCertificate("localhost");
  });
  const folder = useTemporaryFolder();
  const server = useFaultyServer(() => tls);

  it("a server whose authority isn't trusted is named with the setting that would help", async () => {
    server.answer(body("x"));
    const failure = await failureOf(fetchFile(`${server.url}/kind`, join(folder(), "kind"), quick));
    expect(failure?.message).to.include("isn't trusted here: NODE_EXTRA_CA_CERTS names its file");
    expect(server.requested).to.deep.equal([]);
  });

  it("a server whose authority NODE_EXTRA_CA_CERTS names is trusted", async () => {
    server.answer(body("trusted"));
    const [ca, file] = [join(folder(), "ca.pem"), join(folder(), "kind")];
    await writeFile(ca, tls.cert);
    expect(await fetchElsewhere(`${server.url}/kind`, file, { NODE_EXTRA_CA_CERTS: ca })).to.equal("");
    expect(readFileSync(file, "utf8")).to.equal("trusted");
  });
});
