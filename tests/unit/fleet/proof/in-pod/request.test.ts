import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { run } from "../../../../../host/command.ts";

const script = join(import.meta.dirname, "../../../../../fleet/proof/in-pod/request.cjs");

interface Report {
  address?: string;
  answers: { error?: string; status?: number; body?: string; cut?: boolean; headers?: string[] }[];
}

describe("the script that calls from inside a pod", function () {
  this.timeout(20_000);
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** Runs the script against a server of its own. */
  async function call(listener: RequestListener, options: object = {}): Promise<Report> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const request = {
      url,
      headers: [],
      times: 1,
      deadlineMilliseconds: 3000,
      totalMilliseconds: 9000,
      longestBody: 10,
    };
    const input = `${JSON.stringify({ ...request, ...options })}\n`;
    return JSON.parse(await run(process.execPath, [script], { input, deadlineSeconds: 15 })) as Report;
  }
  const bodyOf = ({ answers }: Report) => Buffer.from(answers[0]?.body ?? "", "base64");

  it("it returns a body byte by byte", async () => {
    const bytes = Buffer.from([0, 255, 10, 128]);
    const report = await call((_, response) => response.end(bytes));
    expect(report.address).to.equal("127.0.0.1");
    expect(bodyOf(report)).to.deep.equal(bytes);
    expect(report.answers[0]).to.include({ status: 200, cut: false });
  });

  it("it reads no more of an endless body than it may, and says so", async () => {
    const report = await call((_, response) => {
      const more = setInterval(() => response.write("x".repeat(1000)), 1);
      response.on("close", () => clearInterval(more));
    });
    expect(report.answers[0]).to.include({ status: 200, cut: true });
    expect(bodyOf(report).toString()).to.equal("x".repeat(10));
  });

  it("a body that comes by drips ends at the deadline, as a timeout", async () => {
    const began = Date.now();
    const report = await call(
      (_, response) => {
        const more = setInterval(() => response.write("x"), 100);
        response.on("close", () => clearInterval(more));
      },
      { deadlineMilliseconds: 800, longestBody: 1000 },
    );
    expect(report.answers).to.have.length(1);
    expect(report.answers[0]).to.include({ error: "ETIMEDOUT" });
    expect(Date.now() - began).to.be.lessThan(5000);
  });

  it("it makes no more calls than fit into the time of all", async () => {
    const slow: RequestListener = (_, response) => void setTimeout(() => response.end("x"), 300);
    const { answers } = await call(slow, { times: 20, totalMilliseconds: 700 });
    expect(answers.length).to.be.within(2, 4);
  });

  it("it sends headers, one that is given twice twice, and a Host in place of its own", async () => {
    const report = await call(
      ({ headers }, response) => response.end(JSON.stringify([headers.host, headers["x-a"], headers.authorization])),
      {
        headers: [
          ["Host", "shop.localhost"],
          ["X-A", "1"],
          ["x-a", "2"],
          ["Authorization", "secret"],
        ],
        longestBody: 1000,
      },
    );
    expect(JSON.parse(bodyOf(report).toString())).to.deep.equal(["shop.localhost", "1, 2", "secret"]);
  });

  it("a header that HTTP forbids is an error of the call, not of the script", async () => {
    const { answers } = await call((_, response) => response.end(), { headers: [["x-a", "a\nb"]] });
    expect(answers[0]).to.have.property("error").that.contains("ERR_INVALID_CHAR");
  });
});
