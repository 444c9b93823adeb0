import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { explainError } from "../../../fleet/explain-error.ts";
import { UserError } from "../../../fleet/user-error.ts";
import { InterruptedError } from "../../../host/interruption.ts";
import { failureOf } from "../../support/failure.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

const systemError = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: words, mkdir '${path}'`), { code, path, syscall: "mkdir" });

describe("explainError", () => {
  const folder = useTemporaryFolder("explain-error-");

  it("what the user can solve is told by its message alone", () => {
    expect(explainError(new UserError("do this"))).to.equal("do this");
    expect(explainError(new InterruptedError())).to.equal("Interrupted.");
  });

  it("a file that can't be written is told on one line, with its path and what to do", () => {
    const remedies = {
      EACCES: /sudo chown/,
      EPERM: /sudo chown/,
      EROFS: /XDG_CACHE_HOME/,
      ENOSPC: /Make room/,
      ENOTDIR: /Move that file away/,
    };
    for (const [code, remedy] of Object.entries(remedies)) {
      const text = explainError(systemError(code, "/p/.fleet"));
      expect(text, code).to.match(remedy).and.to.contain("/p/.fleet").and.to.contain(code);
      expect(text.split("\n"), code).to.have.length(1);
    }
  });

  it("a full disk is told even where the call had no path, as writes have none", () => {
    expect(explainError(systemError("ENOSPC"))).to.match(/^The disk: .*Make room/);
  });

  it("Node's own errors are understood", async () => {
    await writeFile(join(folder(), "file"), "");
    await chmod(join(folder(), "file"), 0o600);
    const failure = await failureOf(mkdir(join(folder(), "file", "inner"), { recursive: true }));
    expect(explainError(failure)).to.match(/a part of its path is a file/);
  });

  it("anything else has a stack trace", () => {
    expect(explainError(new TypeError("a fault of ours"))).to.contain("explain-error.test.ts");
  });
});
