import { expect } from "chai";
import { mirrorIn } from "../../../../../toolchain/images/node/userland.ts";

describe("mirrorIn", () => {
  it("mirrorIn finds apt's mirror of a Debian suite, not that of its updates or security fixes", () => {
    const targets = [
      "main bookworm-updates http://mirror.example/debian/",
      "main bookworm-security http://mirror.example/debian-security/",
      "main nodistro http://other.example/node/",
      "main bookworm http://mirror.example/debian/",
    ].join("\n");
    expect(mirrorIn(targets)).to.equal("http://mirror.example/debian/");
  });

  it("mirrorIn returns undefined where apt has no mirror of Debian", () => {
    expect(mirrorIn("main noble http://archive.example/ubuntu/")).to.equal(undefined);
    expect(mirrorIn("")).to.equal(undefined);
  });
});
