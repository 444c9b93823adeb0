import { inspect } from "node:util";
import { expect } from "chai";
import { onlyProblemOf, problemsOf, validConfig, withService } from "../../support/stack-configs.ts";

describe("values in a stack's configuration", () => {
  it("a number or true in place of a name is refused as not text", () => {
    expect(onlyProblemOf(withService({ name: 5 }))).to.equal(
      'services[0].name: 5 is not text: write a name such as "identity"',
    );
    expect(onlyProblemOf(withService({ applicationName: true }))).to.contain("true is not text");
  });

  it("an encrypted value is refused, with the remedy to write it in plain", () => {
    expect(onlyProblemOf({ ...validConfig, services: { secure: "v1:abc" } })).to.match(/^services: is encrypted/);
    expect(onlyProblemOf(withService({ image: { secure: "v1:abc" } }))).to.match(/^services\[0\]\.image: is encrypted/);
    expect(problemsOf({ ...validConfig, cluster: { secure: "v1:abc" } })).to.include.members([
      "cluster.secure: is encrypted, and nothing here is secret: write it in plain",
    ]);
  });

  it("an application name or cluster that is blank, too long, or more than one line is refused", () => {
    expect(onlyProblemOf(withService({ applicationName: " " }))).to.contain("is not a line of text");
    expect(onlyProblemOf(withService({ applicationCluster: "c".repeat(254) }))).to.contain("254 characters");
    expect(onlyProblemOf(withService({ applicationCluster: "a\nb" }))).to.contain('"a\\nb" is not a line of text');
  });

  it("an image must be a valid image reference", () => {
    for (const image of ["", "Identity:1", "a b", "identity:", "identity@sha256:12"]) {
      expect(onlyProblemOf(withService({ image })), image).to.contain("is not an image");
    }
    for (const image of ["identity", "a/b_c/d-e:1.0", "localhost:5080/identity", `r.io/i@sha256:${"a".repeat(64)}`]) {
      expect(problemsOf(withService({ image })), image).to.deep.equal([]);
    }
  });

  for (const replicas of [0, -1, 1.5, NaN, Infinity, 2 ** 31, "two", null]) {
    it(`a service with ${inspect(replicas)} replicas is refused`, () => {
      expect(onlyProblemOf(withService({ replicas }))).to.match(
        /^services\[0\]\.replicas: .+ is not a whole number, at least 1, or "autoscaled": write /,
      );
    });
  }

  it("a service whose pods' number is left to an autoscaler is accepted", () => {
    expect(problemsOf(withService({ replicas: "autoscaled" }))).to.deep.equal([]);
  });

  it("a number in quotes is refused, with the same number without quotes as the remedy", () => {
    expect(onlyProblemOf(withService({ replicas: "3" }))).to.equal(
      'services[0].replicas: "3" is text: write 3, without quotes',
    );
  });

  const refusedUrls = [
    "fleet.example.com",
    "ftp://a",
    "http://u:p@a",
    "http://a/b",
    "http://localhost",
    "http://a.svc",
    "",
    5,
  ];
  for (const exposedUrl of refusedUrls) {
    it(`the exposedUrl ${JSON.stringify(exposedUrl)} is refused, with a remedy`, () => {
      expect(onlyProblemOf({ ...validConfig, exposedUrl })).to.match(/^exposedUrl: .+write /);
    });
  }

  it("the message about a URL with credentials does not contain the password", () => {
    expect(onlyProblemOf({ ...validConfig, exposedUrl: "http://me:hunter2@a" })).not.to.contain("hunter2");
  });
});
