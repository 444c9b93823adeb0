import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { preparePulumiLogs } from "../../../../fleet/setup/pulumi-logs.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("preparePulumiLogs", () => {
  const home = useTemporaryFolder();
  const logs = () => join(home(), "logs");

  it("Pulumi can't make its folder for logs, whatever was there, unless they are asked for", async () => {
    mkdirSync(logs());
    writeFileSync(join(logs(), "an-update.log"), "");
    for (let run = 0; run < 2; run++) {
      await preparePulumiLogs(home(), {});
      expect(() => mkdirSync(logs(), { recursive: true })).to.throw(/EEXIST/);
      expect(readFileSync(logs(), "utf8")).to.contain("FLEET_PULUMI_LOGS=true");
    }
  });

  it("logs that are asked for are kept", async () => {
    const env = { FLEET_PULUMI_LOGS: "true" };
    await preparePulumiLogs(home(), {});
    await preparePulumiLogs(home(), env);
    mkdirSync(logs());
    writeFileSync(join(logs(), "an-update.log"), "");
    await preparePulumiLogs(home(), env);
    expect(readdirSync(logs())).to.deep.equal(["an-update.log"]);
  });
});
