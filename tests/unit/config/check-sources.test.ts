import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { sourceProblems } from "../../../config/check-sources.ts";

describe("sourceProblems", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sources-"));
    mkdirSync(join(folder, "web"));
    writeFileSync(join(folder, "web", "Dockerfile.prod"), "FROM scratch\n");
    writeFileSync(join(folder, "large"), Buffer.alloc(2 ** 20 + 1));
  });
  after(() => rmSync(folder, { recursive: true }));
  const problemOf = (change: object) =>
    sourceProblems([{ name: "a", namespace: "b", replicas: 1, ...change }], folder).map(
      ({ at, message }) => `${at.join(".")}: ${message}`,
    );

  it("a folder that is not there, and one without a Dockerfile, are told with their whole path", () => {
    expect(problemOf({ build: { context: "nope" } })[0]).to.contain(
      `services.0.build: there is no folder "nope" (${folder}/nope)`,
    );
    expect(problemOf({ build: { context: "web" } })[0]).to.contain(`there is no "Dockerfile" in ${folder}/web`);
    expect(problemOf({ build: { context: "web", dockerfile: "Dockerfile.prod" } })).to.deep.equal([]);
  });

  it("a file that is not there, a folder in its place, and more than a ConfigMap takes are told", () => {
    expect(problemOf({ files: { "/a": "./nope" } })[0]).to.match(/^services\.0\.files\.\/a: .* is not there/);
    expect(problemOf({ files: { "/a": "web" } })[0]).to.contain("is a folder");
    expect(problemOf({ files: { "/a": "large" } })[0]).to.contain("a ConfigMap takes 1048576");
  });
});
