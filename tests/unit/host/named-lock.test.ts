import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { NamedLock, freeAfterMilliseconds } from "../../../host/named-lock.ts";
import { inTemporaryFolder } from "../../../host/temporary-folder.ts";
import { waitFor } from "../../../host/wait.ts";

describe("NamedLock", function () {
  this.timeout(20_000);

  it("another process's lock can't be taken, and names it; once that is killed, it can be after a moment", () =>
    inTemporaryFolder("lock-", async (folder) => {
      const script = join(folder, "holder.ts");
      const module = JSON.stringify(join(import.meta.dirname, "../../../host/named-lock.ts"));
      await writeFile(
        script,
        `const { NamedLock } = await import(${module});
         await new NamedLock(${JSON.stringify(folder)}, "lock").take("holding on");
         setInterval(() => {}, 1000);
         process.send("taken");`,
      );
      const holder = fork(script);
      await once(holder, "message");
      const lock = new NamedLock(folder, "lock");
      expect(await lock.take("waiting")).to.equal(undefined);
      expect(await lock.owner()).to.equal(`process ${holder.pid}, which is holding on`);
      expect(await lock.ownerHasEnded()).to.equal(false);

      holder.kill("SIGKILL");
      await once(holder, "exit");
      expect(await lock.ownerHasEnded()).to.equal(true);
      const free = async () => {
        const taken = await lock.take("going on");
        if (taken === undefined) throw new Error(await lock.owner());
        return taken;
      };
      const release = await waitFor("the lock", freeAfterMilliseconds / 1000 + 2, free, {
        longestPauseMilliseconds: 250,
      });
      expect(await lock.owner()).to.equal(`process ${process.pid}, which is going on`);
      await release();
    }));
});
