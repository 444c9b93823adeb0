import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { DownloadFailed } from "../../../../toolchain/core/fetch-file.ts";
import { downloadInto, sumFor } from "../../../../toolchain/tools/download.ts";
import { failureOf } from "../../../support/failure.ts";
import { useFileServer } from "../../../support/file-server.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

const content = "#!/bin/sh\n";
const sum = createHash("sha256").update(content).digest("hex");
const sha1 = createHash("sha1").update(content).digest("hex");

describe("downloadInto", () => {
  const folder = useTemporaryFolder();
  const server = useFileServer({
    "/kind": content,
    "/kind.sha256sum": `${sum}  kind\n`,
    "/wrong": `${"0".repeat(64)}  kind\n`,
    "/kind.sha1": `${sha1}  ./kind\n`,
    "/wrong.sha1": `${"0".repeat(40)}  ./kind\n`,
  });

  const downloadKind = (sums: string, sha256?: string) => {
    const download = { url: `${server.url}/kind`, sums: server.url + sums, sha256 };
    return downloadInto(folder(), "kind", download, join(folder(), "log"));
  };

  it("a download with the published sum becomes an executable", async () => {
    await downloadKind("/kind.sha256sum");
    expect(readFileSync(join(folder(), "kind"), "utf8")).to.equal(content);
    expect(statSync(join(folder(), "kind")).mode & 0o111).to.equal(0o111);
  });

  it("a download is checked against a SHA-1 sum where its project publishes no better one", async () => {
    await downloadKind("/kind.sha1");
    expect(readFileSync(join(folder(), "kind"), "utf8")).to.equal(content);
    expect(String(await failureOf(downloadKind("/wrong.sha1")))).to.include("0".repeat(40));
  });

  it("a download with a pinned sum is checked against that one only", async () => {
    await downloadKind("/wrong", sum);
    expect(server.requested).to.deep.equal(["/kind"]);
  });

  it("a download with another sum than the pinned one is refused, whatever its server publishes", async () => {
    const pinned = "1".repeat(64);
    const failure = await failureOf(downloadKind("/kind.sha256sum", pinned));
    expect(failure).to.be.an("error").and.not.instanceOf(DownloadFailed);
    expect(String(failure)).to.include(sum).and.include(pinned);
  });

  it("a download with a wrong sum is refused with a message that has both sums, and no other source replaces it", async () => {
    const failure = await failureOf(downloadKind("/wrong"));
    expect(failure).to.be.an("error").and.not.instanceOf(DownloadFailed);
    expect(String(failure)).to.include(sum).and.include("0".repeat(64));
  });

  it("a download whose sum is not found is a failure that another source may replace", async () => {
    const failure = await failureOf(downloadKind("/none"));
    expect(failure).to.be.instanceOf(DownloadFailed);
    expect(String(failure)).to.include("404");
  });
});

describe("sumFor", () => {
  it("sumFor finds a file's sum by the file's name, with or without sha256sum's asterisk", () => {
    const sums = `${"a".repeat(64)}  other\n${sum} *kind\n`;
    expect(sumFor("kind", sums)).to.equal(sum);
    expect(sumFor("none", sums)).to.equal(undefined);
  });

  it("sumFor reads shasum's paths and SHA-1 sums, as Pulumi's docker plugin publishes them", () => {
    expect(
      sumFor(
        "pulumi-resource-docker-v5.2.0-linux-amd64.tar.gz",
        `${"b".repeat(40)}  ./other.tar.gz\n${sha1}  ./pulumi-resource-docker-v5.2.0-linux-amd64.tar.gz\n`,
      ),
    ).to.equal(sha1);
  });

  it("sumFor reads a text that is a single sum", () => {
    expect(sumFor("kubectl", `${sum}\n`)).to.equal(sum);
    expect(sumFor("kubectl", "<html>")).to.equal(undefined);
  });
});
