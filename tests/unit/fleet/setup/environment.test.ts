import { expect } from "chai";
import { fleetEnvironment, wholePaths } from "../../../../fleet/setup/environment.ts";
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

  it("fleetEnvironment takes the local state's passphrase for secrets that were made with it, whatever is set", () => {
    const env = { PULUMI_CONFIG_PASSPHRASE_FILE: "/f" };
    expect(fleetEnvironment("/tools", env, { isLocalPassphrase: true }).PULUMI_CONFIG_PASSPHRASE).to.be.a("string");
    const other = { ...env, PULUMI_BACKEND_URL: "s3://bucket" };
    expect(fleetEnvironment("/tools", other, { isLocalPassphrase: true })).not.to.have.property(
      "PULUMI_CONFIG_PASSPHRASE",
    );
  });

  it("an empty PULUMI_BACKEND_URL names no backend", () => {
    expect(fleetEnvironment("/tools", { PULUMI_BACKEND_URL: "" }).PULUMI_BACKEND_URL).to.equal(localBackend);
  });
});

describe("wholePaths", () => {
  it("relative paths are the user's, not those of the folder that a tool runs in", () => {
    const env = { KUBECONFIG: "a:/b", DOCKER_CONFIG: "d", DOCKER_CERT_PATH: "/c", PATH: "bin" };
    expect(wholePaths("/me", env)).to.deep.equal({
      KUBECONFIG: "/me/a:/b",
      DOCKER_CONFIG: "/me/d",
      DOCKER_CERT_PATH: "/c",
    });
    expect(wholePaths("/me", { KUBECONFIG: "" })).to.deep.equal({});
  });
});
