import { expect } from "chai";
import { localPassphrase } from "../../../../fleet/setup/local-backend.ts";
import { decrypt, keyOf } from "../../../../fleet/setup/passphrase.ts";

/** That of the stack files of version 1.0, as Pulumi wrote it. */
const salt = "v1:SWd7nh21/5E=:v1:gqVX11jh208Gqefp:2KzObOrR7xeIid5a/aGTSqGSb751GA==";

describe("keyOf", () => {
  it("keyOf knows the passphrase that Pulumi made a salt with", async () => {
    expect(await keyOf(localPassphrase, salt)).to.be.instanceOf(Buffer);
    expect(await keyOf("mine", salt)).to.equal(undefined);
  });

  it("keyOf tolerates any text", async () => {
    for (const other of ["", "v1:x", "v1:a:v1:b:c"]) expect(await keyOf("mine", other)).to.equal(undefined);
  });
});

describe("decrypt", () => {
  it("decrypt reads what Pulumi wrote with the same key, and nothing else", async () => {
    const key = await keyOf(localPassphrase, salt);
    expect(decrypt(key as Buffer, salt.split(":").slice(2).join(":"))).to.equal("pulumi");
    expect(decrypt(Buffer.alloc(32), salt.split(":").slice(2).join(":"))).to.equal(undefined);
    for (const other of ["", "v1:x", "v1:a:b"]) expect(decrypt(key as Buffer, other)).to.equal(undefined);
  });
});
