import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { copyRuntime, installRuntime, lostRuntime } from "../../../../toolchain/engine/oci-runtime.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("the OCI runtime of an engine", () => {
  const folder = useTemporaryFolder();

  it("the OCI runtime stays where the engine finds it when the cache is deleted", async () => {
    const built = join(folder(), "cache", "oci-runtime-1-0123456789ab", "oci-runtime");
    await mkdir(join(built, ".."), { recursive: true });
    await writeFile(built, "#!/bin/sh\n");
    const installed = await installRuntime(built, join(folder(), "var"));
    expect(installed).to.equal(join(folder(), "var", "oci-runtime-1-0123456789ab", "oci-runtime"));
    await rm(join(folder(), "cache"), { recursive: true });
    expect(await readFile(installed, "utf8")).to.equal("#!/bin/sh\n");
    expect((await stat(installed)).mode & 0o111).to.equal(0o111);
  });

  it("a running engine whose OCI runtime was deleted gets it back at the same path", async () => {
    const path = join(folder(), "cache", "oci-runtime-1-00", "oci-runtime");
    const info = { Runtimes: { runc: { path: "runc" }, bounded: { path } } };
    expect(lostRuntime(info)).to.equal(path);
    await writeFile(join(folder(), "built"), "#!/bin/sh\n");
    await copyRuntime(join(folder(), "built"), path);
    expect(lostRuntime(info)).to.equal(undefined);
  });

  it("an engine with other runtimes than ours has lost nothing", () => {
    expect(lostRuntime({ Runtimes: { runc: { path: "runc" } } })).to.equal(undefined);
    expect(lostRuntime({})).to.equal(undefined);
  });
});
