import { expect } from "chai";
import { librariesIn } from "../../../../toolchain/images/shared-libraries.ts";

describe("librariesIn", () => {
  it("librariesIn reads the paths in ldd's list, including the loader's, but not the kernel's own library", () => {
    const listing = [
      "\tlinux-vdso.so.1 (0x00007ffc)",
      "\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f1)",
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f2)",
    ].join("\n");
    expect(librariesIn(listing)).to.deep.equal(["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/ld-linux-x86-64.so.2"]);
  });
});
