import { expect } from "chai";
import { parseStackConfig } from "../../../../config/stack-config.ts";
import { linkedService, linkRule, serviceRule } from "../../../../fleet/proof/link-rule.ts";
import type { PeerOutput, StackOutputs } from "../../../../stacks/outputs.ts";

const project = "identity";
const cluster = { name: "c", httpPort: 80 };
const configOf = (stack: string, raw: object) =>
  parseStackConfig({ cluster, services: [], ...raw }, { stack, project });
const fileOfStaging = configOf("staging", {
  services: [
    { name: "identity", namespace: "n", ingress: true, applicationName: "as-edited" },
    { name: "web", namespace: "shop", image: "web", ingress: { path: "/shop" } },
  ],
});
const peer = { alias: "a", namespace: "n" };
const link: PeerOutput = { ...peer, stack: "staging", url: "http://x", way: "externalName", reason: "" };
const rule = (name: string) => ({ path: "/cluster", identity: { name, cluster: "staging" } });

const outputs = (prove?: ReturnType<typeof rule>): StackOutputs => ({
  url: "http://localhost",
  exposedUrl: "http://x",
  context: "kind-c",
  image: "i",
  services: [{ name: "identity", namespace: "n", url: "u", ingress: { path: "/" }, prove }],
  peers: [],
});
const known = (of: { own?: object; standing?: StackOutputs }) => ({
  project,
  configs: new Map([
    ["staging", fileOfStaging],
    ["development", configOf("development", { peers: [{ ...peer, stack: "staging", ...of.own }] })],
  ]),
  outputs: new Map(of.standing === undefined ? [] : [["staging", of.standing]]),
});

describe("linkedService", () => {
  it("the service that a link leads to is found in the file of its peer's stack, by its name or as the whole site", () => {
    expect(linkedService(link, known({}))?.name).to.equal("identity");
    expect(linkedService({ ...link, service: "shop/web" }, known({}))?.name).to.equal("web");
    expect(linkedService({ ...link, stack: undefined }, known({}))).to.equal(undefined);
  });
});

describe("linkRule", () => {
  it("what a peer's stack was brought up with counts, not what its file says since", () => {
    expect(linkRule("development", link, known({ standing: outputs(rule("standing")) }))).to.deep.equal(
      rule("standing"),
    );
    const applied = { ...link, prove: rule("as-applied") };
    expect(linkRule("development", applied, known({}))).to.deep.equal(rule("as-applied"));
    expect(linkRule("development", applied, known({ standing: outputs(rule("standing")) }))).to.deep.equal(
      rule("standing"),
    );
  });

  it("what a peer itself expects counts before all", () => {
    const standing = outputs(rule("standing"));
    const identity = { name: "x", cluster: "y" };
    expect(linkRule("development", link, known({ own: { expect: identity }, standing }))).to.deep.equal({
      path: "/cluster",
      identity,
    });
    const prove = { path: "/", status: 204 };
    expect(linkRule("development", link, known({ own: { prove }, standing }))).to.deep.equal(prove);
  });

  it("a peer that was edited to lead elsewhere says nothing about the link that stands", () => {
    const moved = { ...link, stack: undefined, url: "http://before", prove: rule("as-applied") };
    expect(linkRule("development", moved, known({ own: { prove: { path: "/new" } } }))).to.deep.equal(
      rule("as-applied"),
    );
  });

  it("after a version that recorded nothing, the peer's file says who answers", () => {
    expect(linkRule("development", link, known({ standing: outputs() }))).to.deep.equal(rule("as-edited"));
    const toWeb = { ...link, service: "shop/web" };
    expect(linkRule("development", toWeb, known({}))).to.deep.equal({ path: "/shop" });
  });

  it("where nothing is known, any identity service may answer", () => {
    const elsewhere = { ...link, stack: "organization/other/staging" };
    expect(linkRule("development", elsewhere, known({ standing: outputs(rule("standing")) }))).to.deep.equal({
      path: "/cluster",
      identity: "any",
    });
  });
});

describe("serviceRule", () => {
  it("a service must answer as it was brought up, or, after a version that recorded nothing, as its file says", () => {
    const [recorded] = outputs(rule("standing")).services;
    expect(serviceRule("staging", recorded!, known({}))).to.deep.equal(rule("standing"));
    const [unrecorded] = outputs().services;
    expect(serviceRule("staging", unrecorded!, known({}))).to.deep.equal(rule("as-edited"));
  });
});
