import { expect } from "chai";
import { diff, refusalsOf } from "../../../../infra/existing/claim-provider.ts";
import { fleetLabel, ownerAnnotations } from "../../../../infra/existing/object-owner.ts";
import { setVariable } from "../../../support/environment-variable.ts";

const us = { fleet: "f-1", project: "identity", stack: "prod" };
const object = (fleet?: string, project = "identity", stack = "prod") => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: {
    name: "web",
    namespace: "shop",
    labels: (fleet === undefined ? {} : { [fleetLabel]: fleet }) as Record<string, string>,
    annotations: { [ownerAnnotations.project]: project, [ownerAnnotations.stack]: stack },
  },
});

const refusalOf = (live: ReturnType<typeof object>, owner: typeof us) => refusalsOf([live], owner)[0];

describe("what stands under a name of ours", () => {
  it("what carries our own fleet's mark is ours, as when an up was killed", () => {
    expect(refusalOf(object("f-1"), us)).to.equal(undefined);
  });

  it("what carries no mark is others', whatever is asked for", () => {
    const restore = setVariable("FLEET_ADOPT", "true");
    expect(refusalOf(object(), us)).to.contain("Service shop/web is there, and was not made by this project");
    restore();
  });

  it("objects that are others' for the same reason are told together", () => {
    const other = { ...object(), kind: "Deployment" };
    expect(refusalsOf([object(), other, object("f-1")], us)).to.have.length(1);
    expect(refusalsOf([object(), other], us)[0]).to.match(/^Service shop\/web, Deployment shop\/web is there/);
  });

  it("another stack's is refused, with whose it is", () => {
    expect(refusalOf(object("f-2", "identity", "other"), us)).to.contain("is stack other's of project identity");
  });

  it("that of a lost state, or of another checkout, is taken over when that is asked for", () => {
    expect(refusalOf(object("f-2"), us)).to.contain("npm run up -- prod --adopt");
    const restore = setVariable("FLEET_ADOPT", "true");
    expect(refusalOf(object("f-2"), us)).to.equal(undefined);
    restore();
  });
});

describe("a claim", () => {
  const claim = {
    context: "prod",
    kubeconfig: "one",
    owner: us,
    objects: [{ apiVersion: "v1", kind: "Service", namespace: "shop", name: "web" }],
    unnamed: [],
    namespaces: { used: ["shop"], made: [] },
  };

  it("a claim does not change with the user's login, and changes with what is claimed", async () => {
    expect((await diff("id", claim, { ...claim, kubeconfig: "two" })).changes).to.equal(false);
    expect((await diff("id", claim, { ...claim, objects: [] })).changes).to.equal(true);
  });
});
