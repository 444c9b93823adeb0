import { expect } from "chai";
import { engineAdvice, engineProblem } from "../../../../toolchain/engine/engine-problem.ts";

const classic: [string, string][] = [["Backing Filesystem", "extfs"]];
const containerd: [string, string][] = [["driver-type", "io.containerd.snapshotter.v1"]];

describe("engineProblem", () => {
  it("engines from 20.10 on can be used, older ones can't", () => {
    const usable = ["20.10.24+dfsg1", "23.0.0", "28.5.1", "29.7.2", "29.0.0-rc.1", "dev", ""];
    for (const version of usable) expect(engineProblem({ ServerVersion: version }), version).to.equal(undefined);
    expect(engineProblem({ ServerVersion: "19.03.15" })).to.include("19.03.15; 20.10 or newer is needed");
  });

  it("an engine that keeps images in containerd can be used from 27.5 on", () => {
    expect(engineProblem({ ServerVersion: "27.4.0", DriverStatus: containerd })).to.include("27.5. Update it, or turn");
    expect(engineProblem({ ServerVersion: "27.5.1", DriverStatus: containerd })).to.equal(undefined);
    expect(engineProblem({ ServerVersion: "29.0.0", DriverStatus: containerd })).to.equal(undefined);
    expect(engineProblem({ ServerVersion: "27.4.0", DriverStatus: classic })).to.equal(undefined);
  });

  it("an engine with Windows containers can't be used", () => {
    expect(engineProblem({ ServerVersion: "28.0.0", OSType: "windows" })).to.include("Linux containers");
  });
});

describe("engineAdvice", () => {
  it("an engine with little memory is advised to get more, with the place in Docker Desktop", () => {
    const desktop = { MemTotal: 1.5e9, OperatingSystem: "Docker Desktop" };
    expect(engineAdvice(desktop)).to.include("1.5 GB of memory").and.include("Settings, Resources");
    expect(engineAdvice({ MemTotal: 8e9 })).to.equal(undefined);
    expect(engineAdvice({})).to.equal(undefined);
  });
});
