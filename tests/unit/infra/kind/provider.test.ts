import { expect } from "chai";
import { imageFor, type KindClusterInputs } from "../../../../infra/kind/provider.ts";
import type { StandingCluster } from "../../../../infra/kind/standing-cluster.ts";
import { askedVariables } from "../../../../infra/ownership/asked.ts";
import { setVariable } from "../../../support/environment-variable.ts";
import { testOwner } from "../../../support/test-owner.ts";

const olds: KindClusterInputs = {
  name: "qa2",
  image: "kindest/node:v1.33.0",
  httpPort: 81,
  workers: 0,
  owner: testOwner("staging"),
  registry: { host: "localhost:5081", endpoint: "http://qa2-registry:5000" },
};
const news = { ...olds, image: "kindest/node:v1.34.2" };
const { name, image, httpPort, workers } = olds;
const standing: StandingCluster = {
  name,
  nodes: [{ id: "c1", name: "qa2-control-plane", state: "running", since: "" }],
  mark: { owner: testOwner("staging"), spec: { name, image, httpPort, workers } },
  creation: undefined,
};

describe("the node image of a cluster", () => {
  it("a cluster that stands keeps its node image when only ours is newer", () => {
    expect(imageFor(olds, news, standing)).to.equal(olds.image);
  });

  it("a cluster that stands and is not in the state, as after a take-over, keeps its node image", () => {
    expect(imageFor({}, news, standing)).to.equal(olds.image);
  });

  it("a cluster gets the newer node image when that is asked for", () => {
    const restore = setVariable(askedVariables.replace, "true");
    expect(imageFor(olds, news, standing)).to.equal(news.image);
    restore();
  });

  it("a cluster gets the newer node image when it has to be made anyway", () => {
    expect(imageFor(olds, { ...news, httpPort: 82 }, standing)).to.equal(news.image);
    expect(imageFor(olds, news, { ...standing, nodes: [] })).to.equal(news.image);
    expect(imageFor(olds, news, { ...standing, mark: undefined })).to.equal(news.image);
  });
});
