import { expect } from "chai";
import { localPassphrase } from "../../../../fleet/setup/local-backend.ts";
import { opensSalt } from "../../../../fleet/setup/passphrase.ts";

describe("opensSalt", () => {
  /** That of the committed stack files, as Pulumi wrote it. */
  const salt = "v1:SWd7nh21/5E=:v1:gqVX11jh208Gqefp:2KzObOrR7xeIid5a/aGTSqGSb751GA==";

  it("opensSalt knows the passphrase that Pulumi made a salt with", async () => {
    expect(await opensSalt(localPassphrase, salt)).to.equal(true);
    expect(await opensSalt("mine", salt)).to.equal(false);
  });

  it("opensSalt tolerates any text", async () => {
    for (const other of ["", "v1:x", "v1:a:v1:b:c"]) expect(await opensSalt("mine", other)).to.equal(false);
  });
});
