import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { lacksResourceRight } from "../../../toolchain/engine/capabilities.ts";
import { chooseRemedy } from "../../../toolchain/engine/remedy.ts";
import type { EngineFacts } from "../../../toolchain/engine/remedy.ts";
import { isAlive, liveProcess, waitUntil } from "../../../toolchain/engine/pid-file.ts";
import { engineArguments } from "../../../toolchain/engine/start-engine.ts";

const silent = { answers: false, because: "no engine", detail: "Cannot connect" } as const;
const denied = { answers: false, because: "permission", detail: "permission denied" } as const;
const root: EngineFacts = {
  machine: { platform: "linux", root: true, apt: true },
  dockerd: true,
  systemd: false,
  dockerHost: undefined,
};

describe("an engine that does not answer", () => {
  it("is started by root on Linux", () => {
    expect(chooseRemedy(silent, root)).to.deep.equal({ by: "starting", install: false });
  });

  it("is installed first where there is none", () => {
    expect(chooseRemedy(silent, { ...root, dockerd: false })).to.deep.equal({ by: "starting", install: true });
  });

  it("is the service's where the system has services", () => {
    expect(chooseRemedy(silent, { ...root, systemd: true })).to.deep.equal({ by: "service" });
  });

  const forTheUser: [string, Parameters<typeof chooseRemedy>, string][] = [
    ["without root", [silent, { ...root, machine: { ...root.machine, root: false } }], "sudo systemctl start docker"],
    ["on a Mac", [silent, { ...root, machine: { ...root.machine, platform: "darwin" } }], "Start Docker Desktop"],
    [
      "whose socket is forbidden",
      [denied, { ...root, machine: { ...root.machine, root: false } }],
      "usermod -aG docker",
    ],
    ["on another machine", [silent, { ...root, dockerHost: "tcp://far:2375" }], "DOCKER_HOST=tcp://far:2375"],
    ["without apt", [silent, { ...root, dockerd: false, machine: { ...root.machine, apt: false } }], "docs.docker.com"],
  ];
  for (const [where, args, says] of forTheUser) {
    it(`is the user's to start ${where}, and the message says how and what Docker said`, () => {
      const remedy = chooseRemedy(...args);
      expect(remedy).to.have.property("by", "the user");
      expect(remedy).to.have.property("message").that.includes(says).and.includes(args[0].detail);
    });
  }
});

describe("the OCI runtime of ours", () => {
  it("is used only where the bounding set lacks CAP_SYS_RESOURCE", () => {
    expect(lacksResourceRight("CapEff:\t000001ffffffffff\nCapBnd:\t000001fffeffffff\n")).to.equal(true);
    expect(lacksResourceRight("CapBnd:\t000001ffffffffff\n")).to.equal(false);
    expect(lacksResourceRight("nothing of the kind")).to.equal(false);
  });

  it("is given to the engine by flags, so that its configuration file stays the user's", () => {
    expect(engineArguments("/x/oci-runtime")).to.deep.equal([
      "--add-runtime",
      "bounded=/x/oci-runtime",
      "--default-runtime",
      "bounded",
    ]);
    expect(engineArguments(undefined)).to.deep.equal([]);
  });
});

describe("a process that a file names", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pid-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is not taken for another that was given its number", () => {
    const file = join(folder, "docker.pid");
    writeFileSync(file, `${process.pid}\n`);
    expect(liveProcess(file, "dockerd")).to.equal(undefined);
  });

  it("is none where the file is missing or empty", () => {
    expect(liveProcess(join(folder, "none"), "dockerd")).to.equal(undefined);
    writeFileSync(join(folder, "empty"), "");
    expect(liveProcess(join(folder, "empty"), "dockerd")).to.equal(undefined);
  });

  it("is dead as a zombie", () => {
    expect(isAlive("42 (dockerd) S 1 42", "dockerd")).to.equal(true);
    expect(isAlive("42 (dockerd) Z 1 42", "dockerd")).to.equal(false);
    expect(isAlive("42 (strange) name) R 1 42", "strange) name")).to.equal(true);
    expect(isAlive("", "dockerd")).to.equal(false);
  });
});

describe("waiting", () => {
  it("ends as soon as it may", async () => {
    let asked = 0;
    expect(await waitUntil(() => ++asked === 2, 5000)).to.equal(true);
    expect(asked).to.equal(2);
  });

  it("ends at the deadline, and says that it was in vain", async () => {
    expect(await waitUntil(() => false, 10)).to.equal(false);
  });
});
