import { expect } from "chai";
import { addressForPlugin, silenceIn } from "../../../../toolchain/engine/probe.ts";

describe("silenceIn", () => {
  it("an engine that refuses this docker command is told from one that doesn't run", () => {
    const refusals = [
      "Error response from daemon: client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade " +
        "your client to a newer version",
      "Error response from daemon: client version 1.52 is too new. Maximum supported API version is 1.40",
    ];
    for (const words of refusals) expect(silenceIn(words), words).to.equal("refusal");
  });

  it("a socket that is not the user's is told from an engine that doesn't run, by Docker 20.10 to 29", () => {
    const denials = [
      "Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get x",
      "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock",
    ];
    for (const words of denials) expect(silenceIn(words), words).to.equal("permission");
    const silences = [
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
      "failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the " +
        "daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory",
    ];
    for (const words of silences) expect(silenceIn(words), words).to.equal("no engine");
  });
});

describe("addressForPlugin", () => {
  it("the docker plugin is told the address of a context, but for the default one, and for SSH, which it can't use", () => {
    expect(addressForPlugin("unix:///Users/me/.colima/default/docker.sock")).to.include("colima");
    expect(addressForPlugin("tcp://127.0.0.1:2375")).to.equal("tcp://127.0.0.1:2375");
    expect(addressForPlugin("unix:///var/run/docker.sock")).to.equal(undefined);
    expect(addressForPlugin("ssh://me@host")).to.equal(undefined);
    expect(addressForPlugin("")).to.equal(undefined);
  });
});
