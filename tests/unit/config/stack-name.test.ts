import { expect } from "chai";
import { isStackReference, localStackName, stackReferenceName } from "../../../config/stack-name.ts";

describe("isStackReference", () => {
  it("isStackReference accepts a plain name, and organisation/project/stack", () => {
    for (const name of ["staging", "a_b-c.1", "organization/identity/staging"]) {
      expect(isStackReference(name), name).to.be.true;
    }
    for (const name of ["", "a b", "acme/staging", "a//b", "a/b/", "a/b/c/d", "x".repeat(101)]) {
      expect(isStackReference(name), name).to.be.false;
    }
  });
});

describe("localStackName", () => {
  it("localStackName finds a stack of this project by a plain name, or by a full one that names the project", () => {
    expect(localStackName("staging", "identity")).to.equal("staging");
    expect(localStackName("organization/identity/staging", "identity")).to.equal("staging");
    expect(localStackName("acme/identity/staging", "identity")).to.equal("staging");
    expect(localStackName("acme/other/staging", "identity")).to.equal(undefined);
  });
});

describe("stackReferenceName", () => {
  it("stackReferenceName calls the organisation organization on the file and S3-like backends", () => {
    expect(stackReferenceName("staging", { project: "identity" })).to.equal("organization/identity/staging");
    expect(stackReferenceName("staging", { project: "identity", organization: "organization" })).to.equal(
      "organization/identity/staging",
    );
  });

  it("stackReferenceName uses the organisation's name on Pulumi Cloud", () => {
    expect(stackReferenceName("staging", { project: "identity", organization: "acme" })).to.equal(
      "acme/identity/staging",
    );
  });

  it("stackReferenceName returns a full name as it is", () => {
    expect(stackReferenceName("other/project/stack", { project: "identity", organization: "acme" })).to.equal(
      "other/project/stack",
    );
  });
});
