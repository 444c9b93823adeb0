import { expect } from "chai";
import { missingHelper } from "../../../../toolchain/engine/credential-helpers.ts";

const registries = ["https://index.docker.io/v1/", "gcr.io", "localhost"];
const check = (config: Parameters<typeof missingHelper>[0], ...installed: string[]) =>
  missingHelper(config, registries, "/home/me/.docker/config.json", (program) => installed.includes(program));

describe("missingHelper", () => {
  it("a credential helper that Docker Desktop left over is named with the line to remove", () => {
    expect(check({ credsStore: "desktop" })).to.equal(
      '/home/me/.docker/config.json names the credential helper "desktop" (credsStore), but there is no ' +
        "docker-credential-desktop on the PATH, so that images can be neither pulled nor pushed. Install it, or remove " +
        "that line.",
    );
  });

  it("a helper of one registry matters only if that registry is used", () => {
    expect(check({ credHelpers: { "gcr.io": "gcloud" } })).to.include("credHelpers, gcr.io");
    expect(check({ credHelpers: { "quay.io": "gcloud" } })).to.equal(undefined);
  });

  it("helpers that are installed, and configurations without one, are fine", () => {
    expect(check({ credsStore: "desktop" }, "docker-credential-desktop")).to.equal(undefined);
    expect(check({ credsStore: "" })).to.equal(undefined);
    expect(check({})).to.equal(undefined);
  });
});
