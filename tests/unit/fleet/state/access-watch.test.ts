import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { LostAccessError, whileAccessible } from "../../../../fleet/state/access-watch.ts";
import { setVariable } from "../../../support/environment-variable.ts";
import { failureOf } from "../../../support/failure.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("whileAccessible", () => {
  const folder = useTemporaryFolder();
  const target = { context: "eu" };
  let restore: () => void;

  /** Has kubectl fail with these words, in turn, and then succeed. */
  const kubectlSays = (...failures: string[]) => {
    const count = join(folder(), "count");
    writeFileSync(count, "");
    const cases = failures.map((text, index) => `${index + 1}) echo '${text}' >&2; exit 1;;`);
    const script = `#!/bin/sh\necho >> '${count}'\ncase $(wc -l < '${count}') in ${cases.join("\n")} esac\n`;
    writeFileSync(join(folder(), "kubectl"), script);
    chmodSync(join(folder(), "kubectl"), 0o755);
  };
  const watched = { stack: "east", target, namespaces: ["shop", "shop"], pause: 0.02 };
  const untilAborted = async (signal?: AbortSignal) => {
    await once(signal!, "abort");
    throw new Error("cancelled");
  };
  const forbidden = 'Error from server (Forbidden): pods is forbidden: User "x" cannot list resource "pods"';

  beforeEach(() => (restore = setVariable("PATH", [folder(), process.env.PATH].join(delimiter))));
  afterEach(() => restore());

  it("work is ended when the user may not see roll-outs any more, and the message says what to do", async () => {
    kubectlSays(forbidden, forbidden);
    const failure = await failureOf(whileAccessible(watched, untilAborted));
    expect(failure).to.be.instanceOf(LostAccessError);
    expect(failure?.message)
      .to.contain('the context "eu" may not see roll-outs any more')
      .and.to.contain(forbidden.slice(0, 60))
      .and.to.match(/npm run up -- east$/);
  });

  it("a user whom the API server does not know any more is told to log in", async () => {
    kubectlSays("error: You must be logged in to the server (Unauthorized)", "error: Unauthorized");
    expect((await failureOf(whileAccessible(watched, untilAborted)))?.message).to.contain("log in anew");
  });

  it("one refusal, or an API server that is away for a moment, ends nothing", async () => {
    kubectlSays(forbidden, "Unable to connect to the server: EOF", forbidden);
    const signals: boolean[] = [];
    const work = async (signal?: AbortSignal) => {
      await sleep(400);
      signals.push(signal!.aborted);
      return "done";
    };
    expect(await whileAccessible(watched, work)).to.equal("done");
    expect(signals).to.deep.equal([false]);
  });

  it("a failure of the work itself is told as it is", async () => {
    kubectlSays();
    const failing = () => Promise.reject(new Error("no quota"));
    expect((await failureOf(whileAccessible(watched, failing)))?.message).to.equal("no quota");
  });
});
