import { execa } from "execa";
import { which } from "../../../../../toolchain/core/machine.ts";
import { ownFile } from "../../../../../toolchain/core/paths.ts";

describe("the OCI runtime", () => {
  it("the OCI runtime's own tests, which are written in Go, pass", async function () {
    const go = which("go");
    if (go === undefined) this.skip();
    this.timeout(240_000);
    // The same flags as for all programs, so that what they have in common is not compiled again.
    const args = ["test", "-vet=off", "-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false", "./..."];
    await execa(go, args, { cwd: ownFile("go", "modules", "oci-runtime"), env: { CGO_ENABLED: "0", GOWORK: "off" } });
  });
});
