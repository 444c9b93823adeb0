import { expect } from "chai";
import { chooseRemedy, type EngineFacts } from "../../../../toolchain/engine/remedy.ts";

const silent = { answers: false, because: "no engine", detail: "Cannot connect" } as const;
const denied = { answers: false, because: "permission", detail: "permission denied" } as const;
const root: EngineFacts = {
  machine: { platform: "linux", root: true, apt: true },
  dockerd: true,
  systemd: false,
  dockerHost: undefined,
};

describe("chooseRemedy", () => {
  it("a Docker engine that does not answer is started by root on Linux", () => {
    expect(chooseRemedy(silent, root)).to.deep.equal({ by: "starting", install: false });
  });

  it("a Docker engine that is not installed is installed and started", () => {
    expect(chooseRemedy(silent, { ...root, dockerd: false })).to.deep.equal({ by: "starting", install: true });
  });

  it("a Docker engine of systemd is started as its service", () => {
    expect(chooseRemedy(silent, { ...root, systemd: true })).to.deep.equal({ by: "service" });
  });

  it("no other Docker engine is started beside one that refuses this docker command", () => {
    const refused = { answers: false, because: "refusal", detail: "client version 1.41 is too old" } as const;
    const remedy = chooseRemedy(refused, root);
    expect(remedy).to.have.property("message").that.includes("update the older one").and.includes("1.41 is too old");
  });

  const forTheUser: [string, Parameters<typeof chooseRemedy>, string][] = [
    [
      "where this process is not root",
      [silent, { ...root, machine: { ...root.machine, root: false } }],
      "sudo systemctl start docker",
    ],
    ["on a Mac", [silent, { ...root, machine: { ...root.machine, platform: "darwin" } }], "Start Docker Desktop"],
    [
      "where its socket is forbidden",
      [denied, { ...root, machine: { ...root.machine, root: false } }],
      "usermod -aG docker",
    ],
    ["on another machine", [silent, { ...root, dockerHost: "tcp://far:2375" }], "DOCKER_HOST=tcp://far:2375"],
    [
      "where neither an engine nor apt is installed",
      [silent, { ...root, dockerd: false, machine: { ...root.machine, apt: false } }],
      "docs.docker.com",
    ],
  ];
  for (const [where, args, says] of forTheUser) {
    it(`the Docker engine is left to the user ${where}, with a message that says what to do and what Docker said`, () => {
      const remedy = chooseRemedy(...args);
      expect(remedy).to.have.property("by", "the user");
      expect(remedy).to.have.property("message").that.includes(says).and.includes(args[0].detail);
    });
  }
});
