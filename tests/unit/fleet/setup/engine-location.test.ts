import { expect } from "chai";
import { hostOfEngine, isOwnAddress, locate } from "../../../../fleet/setup/engine-location.ts";

describe("where the Docker engine is", () => {
  it("hostOfEngine reads the machine in an engine's address, and none in a socket's", () => {
    const hosts = {
      "tcp://build.example.com:2376": "build.example.com",
      "ssh://me@10.0.0.7:22": "10.0.0.7",
      "ssh://tower": "tower",
      "tcp://[::1]:2375": "::1",
      "unix:///var/run/docker.sock": undefined,
      "npipe:////./pipe/docker_engine": undefined,
      "": undefined,
    };
    for (const [address, host] of Object.entries(hosts)) expect(hostOfEngine(address), address).to.equal(host);
  });

  it("isOwnAddress knows the addresses that lead back to this machine", () => {
    for (const address of ["127.0.0.1", "127.0.1.1", "::1", "192.168.0.2"]) {
      expect(isOwnAddress(address, ["192.168.0.2"]), address).to.equal(true);
    }
    expect(isOwnAddress("192.168.0.3", ["192.168.0.2"])).to.equal(false);
  });

  it("an engine is here when its network ends at this machine, and it calls the machine by the same name", () => {
    const facts = { gateways: ["172.17.0.1"], own: ["10.0.0.2", "172.17.0.1"], engineMachine: "a", machine: "a" };
    expect(locate(facts)).to.equal("here");
    expect(locate({ ...facts, network: "host" })).to.equal("here");
    expect(locate({ ...facts, engineMachine: "b" })).to.equal("unknown");
    expect(locate({ ...facts, own: ["10.0.0.2"] })).to.equal("unknown");
  });

  it("an engine that runs the container that this is in publishes ports outside of it", () => {
    const facts = { gateways: ["172.17.0.1"], own: ["172.17.0.3"], engineMachine: "a", machine: "0123456789ab" };
    expect(locate({ ...facts, network: "bridge" })).to.equal("elsewhere");
  });
});
