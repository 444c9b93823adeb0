import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { baseImagesOf } from "../../../host/dockerfile.ts";
import { images, versions } from "../../../versions.ts";

const examples = join(import.meta.dirname, "..", "..", "..", "examples");
const basesOf = (...path: string[]) => baseImagesOf(readFileSync(join(examples, ...path), "utf8"), {});

describe("the examples' Dockerfiles", () => {
  it("the Node example builds on the image that every fleet has, which is maintained, and can be made offline", () => {
    expect(basesOf("node-web", "Dockerfile")).to.deep.equal([images.serviceBase]);
  });

  it("the Go example builds with the Go that the project builds with, and needs nothing where it was built before", () => {
    expect(basesOf("go-api", "Dockerfile")).to.deep.equal([`golang:${versions.go}`]);
    expect(basesOf("go-api", "Dockerfile.prebuilt")).to.deep.equal([]);
  });
});
