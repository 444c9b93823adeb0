import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { reachable } from "../../../toolchain/core/reachable.ts";
import { DownloadFailed, downloadInto, sumFor } from "../../../toolchain/tools/download.ts";

const content = "#!/bin/sh\n";
const sum = createHash("sha256").update(content).digest("hex");
const sha1 = createHash("sha1").update(content).digest("hex");

describe("a download", () => {
  let server: Server;
  let base: string;
  let folder: string;
  let asked: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "download-"));
    asked = [];
    const files: Record<string, string> = {
      "/kind": content,
      "/kind.sha256sum": `${sum}  kind\n`,
      "/wrong": `${"0".repeat(64)}  kind\n`,
      "/kind.sha1": `${sha1}  ./kind\n`,
      "/wrong.sha1": `${"0".repeat(40)}  ./kind\n`,
    };
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      const body = files[request.url ?? ""];
      response.writeHead(body === undefined ? 404 : 200).end(body);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const fetchKind = (sums: string, sha256?: string) =>
    downloadInto(folder, "kind", { url: `${base}/kind`, sums: base + sums, sha256 }, join(folder, "log"));

  it("becomes an executable when it has the published sum", async () => {
    await fetchKind("/kind.sha256sum");
    expect(readFileSync(join(folder, "kind"), "utf8")).to.equal(content);
    expect(statSync(join(folder, "kind")).mode & 0o111).to.equal(0o111);
  });

  it("is held against a SHA-1 sum where its project publishes no better", async () => {
    await fetchKind("/kind.sha1");
    expect(readFileSync(join(folder, "kind"), "utf8")).to.equal(content);
    expect(String(await fetchKind("/wrong.sha1").catch((error: unknown) => error))).to.include("0".repeat(40));
  });

  it("is held against the pinned sum alone, where there is one", async () => {
    await fetchKind("/wrong", sum);
    expect(asked).to.deep.equal(["/kind"]);
  });

  it("is refused with another sum, and both are named; that is no fault of the network", async () => {
    const failure: unknown = await fetchKind("/wrong").catch((error: unknown) => error);
    expect(failure).to.be.an("error").and.not.instanceOf(DownloadFailed);
    expect(String(failure)).to.include(sum).and.include("0".repeat(64));
  });

  it("that is not there is a failure that another source may mend", async () => {
    const failure: unknown = await fetchKind("/none").catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(DownloadFailed);
    expect(String(failure)).to.include("404");
  });

  it("is probed once a run", async () => {
    expect(await Promise.all([reachable(`${base}/kind`), reachable(`${base}/kind`)])).to.deep.equal([true, true]);
    expect(await reachable(`${base}/none`)).to.equal(false);
    expect(await reachable("http://127.0.0.1:1/kind")).to.equal(false);
    expect(asked).to.deep.equal(["/kind", "/none"]);
  });
});

describe("a list of sums", () => {
  it("is read by the file's name, whatever stands between", () => {
    const sums = `${"a".repeat(64)}  other\n${sum} *kind\n`;
    expect(sumFor("kind", sums)).to.equal(sum);
    expect(sumFor("none", sums)).to.equal(undefined);
  });

  it("may hold shasum's paths and SHA-1 sums, as Pulumi's docker plugin publishes them", () => {
    expect(
      sumFor(
        "pulumi-resource-docker-v5.2.0-linux-amd64.tar.gz",
        `${"b".repeat(40)}  ./other.tar.gz\n${sha1}  ./pulumi-resource-docker-v5.2.0-linux-amd64.tar.gz\n`,
      ),
    ).to.equal(sha1);
  });

  it("may be one sum alone", () => {
    expect(sumFor("kubectl", `${sum}\n`)).to.equal(sum);
    expect(sumFor("kubectl", "<html>")).to.equal(undefined);
  });
});
