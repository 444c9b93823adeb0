import { createServer, type Server } from "node:http";
import { expect } from "chai";
import Koa, { type Middleware } from "koa";
import { listen } from "../../../../../service/src/http.ts";
import { createLogger } from "../../../../../service/src/logger.ts";
import { handleErrors } from "../../../../../service/src/middleware/handle-errors.ts";
import { failureOf } from "../../../../support/failure.ts";
import { type Answer, call, type LogLine, memoryLog } from "../../../../support/test-service.ts";

describe("handleErrors", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function answerOf(handler: Middleware): Promise<{ answer: Answer; log: LogLine[] }> {
    const { log, output } = memoryLog();
    const app = new Koa()
      .use(handleErrors(createLogger({ name: "a", cluster: "b", logLevel: "info" }, output)))
      .use(handler);
    // Koa's own handler would print to the test's output.
    app.on("error", () => undefined);
    const handle = app.callback();
    server = createServer((request, response) => void handle(request, response));
    return { answer: await call(await listen(server, 0), "/"), log };
  }

  it("an error in a handler is answered with 500 in JSON, and its message is only logged", async () => {
    const { answer, log } = await answerOf(() => {
      throw new Error("password is hunter2");
    });
    expect(answer).to.include({ status: 500, body: '{"status":500,"error":"Internal Server Error"}' });
    expect(answer.headers["content-type"]).to.equal("application/json; charset=utf-8");
    expect(log).to.have.length(1);
    expect(log[0]).to.include({ level: "error", msg: "request failed" });
    expect(log[0]?.err).to.include({ message: "password is hunter2" });
  });

  it("a rejected promise of a handler is answered with 500 in JSON", async () => {
    const { answer } = await answerOf(() => Promise.reject(new Error("secret")));
    expect(answer).to.include({ status: 500, body: '{"status":500,"error":"Internal Server Error"}' });
  });

  it("a value that a handler throws and that is not an Error is answered with 500 in JSON", async () => {
    const { answer } = await answerOf(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is what is tested
      throw "secret";
    });
    expect(answer).to.include({ status: 500, body: '{"status":500,"error":"Internal Server Error"}' });
  });

  it("an error of ctx.throw is answered with its status, but without its message", async () => {
    const { answer, log } = await answerOf((ctx) => ctx.throw(409, "row 17 is locked"));
    expect(answer).to.include({ status: 409, body: '{"status":409,"error":"Conflict"}' });
    expect(log).to.deep.equal([]);
  });

  it("an error whose status is not that of an error is answered with 500", async () => {
    const { answer } = await answerOf(() => {
      throw Object.assign(new Error("x"), { status: 200 });
    });
    expect(answer.status).to.equal(500);
  });

  it("an error after half an answer closes the connection, so that the answer does not look complete", async () => {
    const failure = await failureOf(
      answerOf((ctx) => {
        ctx.respond = false;
        ctx.res.writeHead(200, { "Content-Length": 10 }).write("half");
        return Promise.reject(new Error("secret"));
      }),
    );
    expect(failure).to.be.an("error").with.property("code", "ECONNRESET");
  });
});
