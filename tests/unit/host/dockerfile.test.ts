import { expect } from "chai";
import { baseImagesOf } from "../../../host/dockerfile.ts";

describe("baseImagesOf", () => {
  it("baseImagesOf finds the images of all stages, but not the stages themselves or scratch", () => {
    const dockerfile = `# syntax=docker/dockerfile:1
      ARG GO=1.26
      FROM --platform=$BUILDPLATFORM golang:\${GO}-alpine AS Build
      COPY --from=ghcr.io/acme/certs:1 /certs /certs
      FROM build as test
      FROM scratch
      COPY --from=build /server /server
      COPY --from=0 /x \\
        /y`;
    expect(baseImagesOf(dockerfile, {})).to.deep.equal(["golang:1.26-alpine", "ghcr.io/acme/certs:1"]);
  });

  it("baseImagesOf fills in build arguments, which come before a Dockerfile's own defaults", () => {
    const dockerfile = 'ARG BASE="debian:12"\nARG TAG\nFROM ${BASE}\nFROM nginx:${TAG:-stable}\nFROM $NOWHERE';
    expect(baseImagesOf(dockerfile, {})).to.deep.equal(["debian:12", "nginx:stable"]);
    expect(baseImagesOf(dockerfile, { BASE: "debian:13", TAG: "1.27" })).to.deep.equal(["debian:13", "nginx:1.27"]);
  });

  it("baseImagesOf ignores comments, and an argument of a stage", () => {
    expect(baseImagesOf("# FROM a\nFROM b\nARG BASE=c\nFROM $BASE\n", {})).to.deep.equal(["b"]);
  });
});
