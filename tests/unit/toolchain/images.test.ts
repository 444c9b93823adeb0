import { expect } from "chai";
import { chooseImage } from "../../../toolchain/images/image-source.ts";
import { needsDebian } from "../../../toolchain/images/image.ts";
import { allImages } from "../../../toolchain/images/plan-images.ts";
import { librariesIn } from "../../../toolchain/images/shared-libraries.ts";
import { mirrorIn } from "../../../toolchain/images/node/userland.ts";
import { images } from "../../../versions.ts";

const debian = { platform: "linux", arch: "x64", root: true, go: "/go", apt: true } as const;

describe("where an image comes from", () => {
  it("is its registry, where that can be reached, even where it could be made here", () => {
    expect(chooseImage(true, undefined)).to.deep.equal({ from: "registry" });
    expect(chooseImage(true, "no")).to.deep.equal({ from: "registry" });
  });

  it("is this machine otherwise, unless something stands in the way", () => {
    expect(chooseImage(false, undefined)).to.deep.equal({ from: "here" });
    expect(chooseImage(false, "no apt")).to.deep.equal({ from: "nowhere", why: "no apt" });
  });

  it("is no machine but a Debian for amd64", () => {
    expect(needsDebian(debian)).to.equal(undefined);
    expect(needsDebian({ ...debian, arch: "arm64" })).to.include("amd64");
    expect(needsDebian({ ...debian, apt: false })).to.include("Debian");
    expect(needsDebian({ ...debian, platform: "darwin" })).to.include("Debian");
  });

  it("takes root for the node image alone", () => {
    const user = { ...debian, root: false };
    const forbidden = allImages().filter((image) => image.obstacle(user) !== undefined);
    expect(forbidden.map(({ name }) => name)).to.deep.equal([images.node]);
  });
});

describe("images' keys", () => {
  it("are the same each time, and different from one another", () => {
    const keys = allImages().map(({ key }) => key);
    expect(allImages().map(({ key }) => key)).to.deep.equal(keys);
    expect(new Set(keys).size).to.equal(keys.length);
  });
});

describe("the libraries of a program", () => {
  it("are read from ldd's list, the loader among them, the kernel's own not", () => {
    const listing = [
      "\tlinux-vdso.so.1 (0x00007ffc)",
      "\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f1)",
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f2)",
    ].join("\n");
    expect(librariesIn(listing)).to.deep.equal(["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/ld-linux-x86-64.so.2"]);
  });
});

describe("Debian's mirror", () => {
  it("is the one that apt has for the suite itself", () => {
    const targets = [
      "main bookworm-updates http://mirror.example/debian/",
      "main bookworm-security http://mirror.example/debian-security/",
      "main nodistro http://other.example/node/",
      "main bookworm http://mirror.example/debian/",
    ].join("\n");
    expect(mirrorIn(targets)).to.equal("http://mirror.example/debian/");
  });

  it("is left to debootstrap where apt has none", () => {
    expect(mirrorIn("main noble http://archive.example/ubuntu/")).to.equal(undefined);
    expect(mirrorIn("")).to.equal(undefined);
  });
});
