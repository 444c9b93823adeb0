import { expect } from "chai";
import { fleetEnvironment, localBackend } from "../../../fleet/setup/environment.ts";

describe("the environment of the tools", () => {
  it("keeps the state in the project's folder, with the passphrase of the local state", () => {
    const env = fleetEnvironment("/tools", { PATH: "/usr/bin" });
    expect(env).to.include({ PULUMI_BACKEND_URL: localBackend, PULUMI_SKIP_UPDATE_CHECK: "true" });
    expect(env.PULUMI_CONFIG_PASSPHRASE).to.be.a("string");
    expect(env.PATH)
      .to.match(/^\/tools:/)
      .and.to.match(/:\/usr\/bin$/);
  });

  it("leaves the passphrase to the user on any other backend", () => {
    const env = fleetEnvironment("/tools", { PATH: "", PULUMI_BACKEND_URL: "s3://bucket" });
    expect(env.PULUMI_BACKEND_URL).to.equal("s3://bucket");
    expect(env).not.to.have.property("PULUMI_CONFIG_PASSPHRASE");
  });

  it("refuses to guard another backend with the local state's passphrase, which is public", () => {
    const local = fleetEnvironment("/tools", { PATH: "/usr/bin" });
    expect(() => fleetEnvironment("/tools", { ...local, PULUMI_BACKEND_URL: "s3://bucket" }))
      .to.throw("PULUMI_CONFIG_PASSPHRASE")
      .with.property("message")
      .that.contains("s3://bucket");
    expect(() => fleetEnvironment("/tools", local)).not.to.throw();
  });

  it("does not overrule a passphrase that the user has set, even an empty one", () => {
    for (const own of [{ PULUMI_CONFIG_PASSPHRASE: "" }, { PULUMI_CONFIG_PASSPHRASE_FILE: "/f" }]) {
      expect(fleetEnvironment("/tools", own)).not.to.have.property("PULUMI_CONFIG_PASSPHRASE");
    }
  });

  it("names the engine where the docker command's context has another than everybody's", () => {
    expect(fleetEnvironment("/tools", {}, "unix:///home/me/.docker/desktop/docker.sock").DOCKER_HOST).to.equal(
      "unix:///home/me/.docker/desktop/docker.sock",
    );
    expect(fleetEnvironment("/tools", {})).not.to.have.property("DOCKER_HOST");
  });

  it("names no folder twice in the PATH", () => {
    const once = fleetEnvironment("/tools", { PATH: "/usr/bin" }).PATH;
    expect(fleetEnvironment("/tools", { PATH: once }).PATH).to.equal(once);
  });
});
