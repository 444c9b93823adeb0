import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { refuseOtherCluster } from "../../../../fleet/state/cluster-target.ts";
import { UserError } from "../../../../fleet/user-error.ts";
import { setVariable } from "../../../support/environment-variable.ts";
import { failureOf } from "../../../support/failure.ts";

describe("refuseOtherCluster", () => {
  let folder: string;
  let restore: () => void;
  const kubectlIs = (script: string) => writeFile(join(folder, "kubectl"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubectl-"));
    restore = setVariable("PATH", `${folder}:${process.env.PATH}`);
  });
  after(async () => {
    restore();
    await rm(folder, { recursive: true, force: true });
  });

  it("the cluster that the stack was brought up on is used", async () => {
    await kubectlIs("echo u1");
    await refuseOtherCluster("prod", { context: "eu", uid: "u1" });
  });

  it("another one behind the same context is refused, with both", async () => {
    await kubectlIs("echo u2");
    const error = await failureOf(refuseOtherCluster("prod", { context: "eu", uid: "u1" }));
    expect(error).to.be.instanceOf(UserError);
    expect((error as Error).message)
      .to.contain('The context "eu" leads to another cluster than stack prod is on')
      .and.to.match(/u2.*u1.*npm run up -- prod/);
  });

  it("where no identity is known, or none is told, nothing is refused", async () => {
    await kubectlIs("exit 1");
    await refuseOtherCluster("prod", { context: "eu", uid: "u1" });
    await kubectlIs("echo u2");
    await refuseOtherCluster("prod", { context: "eu" });
  });
});
