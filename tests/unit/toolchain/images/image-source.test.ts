import { expect } from "chai";
import {
  chooseImageSource,
  engineHasWay,
  type RegistryFacts,
  urlOfRegistry,
} from "../../../../toolchain/images/image-source.ts";

const open: RegistryFacts = { unreachable: undefined, mirrored: false, engineHasWay: false };
const closed: RegistryFacts = { ...open, unreachable: "there is no network" };

describe("chooseImageSource", () => {
  it("an image whose registry can be reached comes from there, even if it could be made here", () => {
    expect(chooseImageSource(open, undefined)).to.deep.equal({ from: "registry" });
    expect(chooseImageSource(open, "no")).to.deep.equal({ from: "registry" });
  });

  it("an image whose registry can't be reached is made here, unless there is an obstacle", () => {
    expect(chooseImageSource(closed, undefined)).to.deep.equal({ from: "here" });
    expect(chooseImageSource(closed, "no apt")).to.deep.equal({ from: "nowhere", why: "no apt" });
  });

  it("an image is pulled where only the engine may have a way to its registry", () => {
    expect(chooseImageSource({ ...closed, mirrored: true }, undefined).from).to.equal("registry");
    expect(chooseImageSource({ ...closed, engineHasWay: true }, undefined).from).to.equal("registry");
  });
});

describe("engineHasWay", () => {
  it("an engine has a way of its own by a proxy, to every registry", () => {
    expect(engineHasWay({ HttpsProxy: "http://proxy:3128" }, "gcr.io")).to.equal(true);
    expect(engineHasWay({ HttpProxy: "", HttpsProxy: "" }, "gcr.io")).to.equal(false);
  });

  it("an engine has a way of its own by its mirrors, to Docker Hub only", () => {
    const engine = { RegistryConfig: { Mirrors: ["https://mirror.example.com/"] } };
    expect(engineHasWay(engine, "docker.io")).to.equal(true);
    expect(engineHasWay(engine, "gcr.io")).to.equal(false);
    expect(engineHasWay({ RegistryConfig: { Mirrors: null } }, "docker.io")).to.equal(false);
  });
});

describe("urlOfRegistry", () => {
  it("Docker Hub answers at another address than its name", () => {
    expect(urlOfRegistry("docker.io")).to.equal("https://registry-1.docker.io/v2/");
    expect(urlOfRegistry("gcr.io")).to.equal("https://gcr.io/v2/");
  });
});
