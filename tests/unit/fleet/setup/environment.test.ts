import { expect } from "chai";
import { fleetEnvironment } from "../../../../fleet/setup/environment.ts";
import { localBackend } from "../../../../fleet/setup/local-backend.ts";

describe("fleetEnvironment", () => {
  it("fleetEnvironment sets the local backend with its passphrase, and puts the tools first in PATH", () => {
    const env = fleetEnvironment("/tools", { PATH: "/usr/bin" });
    expect(env).to.include({ PULUMI_BACKEND_URL: localBackend, PULUMI_SKIP_UPDATE_CHECK: "true" });
    expect(env.PULUMI_CONFIG_PASSPHRASE).to.be.a("string");
    expect(env.PATH)
      .to.match(/^\/tools:/)
      .and.to.match(/:\/usr\/bin$/);
  });

  it("fleetEnvironment sets no passphrase for any other backend", () => {
    const env = fleetEnvironment("/tools", { PATH: "", PULUMI_BACKEND_URL: "s3://bucket" });
    expect(env.PULUMI_BACKEND_URL).to.equal("s3://bucket");
    expect(env).not.to.have.property("PULUMI_CONFIG_PASSPHRASE");
  });

  it("fleetEnvironment refuses the local state's passphrase, which is public, for another backend", () => {
    const local = fleetEnvironment("/tools", { PATH: "/usr/bin" });
    expect(() => fleetEnvironment("/tools", { ...local, PULUMI_BACKEND_URL: "s3://bucket" }))
      .to.throw("PULUMI_CONFIG_PASSPHRASE")
      .with.property("message")
      .that.contains("s3://bucket");
    expect(() => fleetEnvironment("/tools", local)).not.to.throw();
  });

  it("fleetEnvironment keeps a passphrase that the user has set, even an empty one", () => {
    for (const own of [{ PULUMI_CONFIG_PASSPHRASE: "" }, { PULUMI_CONFIG_PASSPHRASE_FILE: "/f" }]) {
      expect(fleetEnvironment("/tools", own)).not.to.have.property("PULUMI_CONFIG_PASSPHRASE");
    }
  });

  it("fleetEnvironment sets DOCKER_HOST only when it is given the address of an engine", () => {
    expect(fleetEnvironment("/tools", {}, { dockerHost: "unix:///run/me.sock" }).DOCKER_HOST).to.equal(
      "unix:///run/me.sock",
    );
    expect(fleetEnvironment("/tools", {})).not.to.have.property("DOCKER_HOST");
  });

  it("fleetEnvironment adds no folder to PATH that is already in it", () => {
    const once = fleetEnvironment("/tools", { PATH: "/usr/bin" }).PATH;
    expect(fleetEnvironment("/tools", { PATH: once }).PATH).to.equal(once);
  });
});
