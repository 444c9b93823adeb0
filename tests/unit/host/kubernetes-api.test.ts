import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { KubernetesApi, KubernetesApiError } from "../../../host/kubernetes-api.ts";
import { tryRun } from "../../../host/command.ts";
import { waitFor } from "../../../host/wait.ts";
import { setVariable } from "../../support/environment-variable.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

/** Stands for kubectl: a proxy on the socket that it is told, to an API server with some pods. */
const fakeKubectl = `#!${process.execPath}
const { WebSocketServer } = require(${JSON.stringify(join(import.meta.dirname, "../../../node_modules/ws"))});
const { writeFileSync } = require("node:fs");
if (process.argv[3] === "none") {
  console.error('error: context "none" does not exist');
  process.exit(1);
}
const socket = process.argv.find((word) => word.startsWith("--unix-socket=")).slice("--unix-socket=".length);
const server = require("node:http").createServer((request, response) => {
  const { method, url } = request;
  let body = "";
  request.on("data", (text) => (body += text)).on("end", () => {
    if (method === "PATCH") response.end(JSON.stringify({ type: request.headers["content-type"], sent: JSON.parse(body) }));
    else if (url === "/broken") {
      response.write("one\\ntw");
      setTimeout(() => response.destroy(), 50);
    } else if (url === "/readyz") response.end("ok");
    else if (url === "/pods") response.end('{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a"}}]}');
    else if (url === "/pods?watch=1&resourceVersion=7") {
      response.write('{"type":"MODIFIED","object":{"metadata":{"name":"a"}}}\\n{"type":"DEL');
      setTimeout(() => response.end('ETED","object":{"metadata":{"name":"a"}}}\\n'), 50);
    } else response.writeHead(404).end('{"kind":"Status","message":"pods \\\\"b\\\\" not found"}');
  });
});
new WebSocketServer({ server }).on("connection", (client, request) => {
  client.on("message", (data) => {
    writeFileSync(${JSON.stringify("INPUT")}, request.url + " " + JSON.stringify(data.toString()));
    client.close();
  });
});
server.listen(socket);
`;

describe("host/kubernetes-api", () => {
  const folder = useTemporaryFolder();
  let restore: (() => void)[];

  beforeEach(async () => {
    const bin = join(folder(), "bin");
    await mkdir(bin);
    await mkdir(join(folder(), "tmp"));
    await writeFile(join(bin, "kubectl"), fakeKubectl.replace("INPUT", join(folder(), "input")));
    await chmod(join(bin, "kubectl"), 0o755);
    restore = [
      setVariable("PATH", [bin, process.env.PATH].join(delimiter)),
      setVariable("TMPDIR", join(folder(), "tmp")),
    ];
  });
  afterEach(() => restore.forEach((undo) => undo()));

  it("gets, patches and watches over one proxy, and leaves nothing when it is closed", async () => {
    const api = await KubernetesApi.open({ context: "kind-a" });
    expect(await api.get("/pods")).to.have.property("items");
    const operations = [{ op: "add" as const, path: "/spec", value: 1 }];
    expect(await api.patch("/pods/a", operations)).to.deep.equal({
      type: "application/json-patch+json",
      sent: operations,
    });
    const events: string[] = [];
    for await (const { type } of api.watch("/pods", AbortSignal.timeout(10_000))) events.push(type);
    expect(events).to.deep.equal(["ADDED", "BOOKMARK", "MODIFIED", "DELETED"]);
    await api.close();
    expect(await readdir(join(folder(), "tmp"))).to.deep.equal([]);
  });

  it("a refusal has the API server's words and status", async () => {
    const api = await KubernetesApi.open({ context: "kind-a" });
    try {
      const failure = await api.get("/pods/b").catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(KubernetesApiError).and.include({ status: 404 });
      expect((failure as Error).message).to.equal('pods "b" not found (HTTP 404)');
    } finally {
      await api.close();
    }
  });

  it("a connection that breaks is told as such", async () => {
    const api = await KubernetesApi.open({ context: "kind-a" });
    const seen: string[] = [];
    const read = async () => {
      for await (const line of api.lines("/broken", AbortSignal.timeout(10_000))) seen.push(line);
    };
    try {
      const failure = await read().catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(KubernetesApiError);
      expect((failure as Error).message).to.match(/^the connection broke: /);
      expect(seen[0]).to.equal("one");
    } finally {
      await api.close();
    }
  });

  it("writes to a container's standard input, and tells when the connection ends", async () => {
    const api = await KubernetesApi.open({ context: "kind-a" });
    try {
      const container = { namespace: "shop", pod: "web-1", container: "service" };
      const { write, closed } = await api.attach(container, AbortSignal.timeout(10_000));
      write("code\n");
      await closed;
      await waitFor("the input", 5, async () =>
        expect(await readFile(join(folder(), "input"), "utf8")).to.equal(
          '/api/v1/namespaces/shop/pods/web-1/attach?container=service&stdin=true "\\u0000code\\n"',
        ),
      );
    } finally {
      await api.close();
    }
  });

  it("leaves nothing when the process that opened it is killed", async () => {
    const module = JSON.stringify(join(import.meta.dirname, "../../../host/kubernetes-api.ts"));
    const script = `
      const { KubernetesApi } = await import(${module});
      await KubernetesApi.open({ context: "kind-a" });
      process.kill(process.pid, "SIGKILL");`;
    const { error } = await tryRun(process.execPath, ["--input-type=module", "--eval", script]);
    expect(error?.message).to.include("SIGKILL");
    await waitFor("its end", 10, async () => expect(await readdir(join(folder(), "tmp"))).to.deep.equal([]));
  });

  it("says in kubectl's words why it can't be opened", async () => {
    const failure = await KubernetesApi.open({ context: "none" }).catch((error: unknown) => error);
    expect((failure as Error).message).to.equal('error: context "none" does not exist');
    expect(await readdir(join(folder(), "tmp"))).to.deep.equal([]);
  });
});
