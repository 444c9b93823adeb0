import { execa } from "execa";
import { which } from "../../../toolchain/core/machine.ts";
import { ownFile } from "../../../toolchain/core/paths.ts";

describe("the OCI runtime's own tests", () => {
  it("pass", async function () {
    const go = which("go");
    if (go === undefined) this.skip();
    this.timeout(240_000);
    // The flags that everything is built with: what it shares with the rest is compiled already.
    const args = ["test", "-vet=off", "-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false", "./..."];
    await execa(go, args, { cwd: ownFile("go", "modules", "oci-runtime"), env: { CGO_ENABLED: "0", GOWORK: "off" } });
  });
});
