import { expect } from "chai";
import { type CommandError, tryRun } from "../../../host/command.ts";
import { engineUnreachable, unlessUnreachable } from "../../../host/docker.ts";
import { failureOf } from "../../support/failure.ts";

/** The error of a command that prints a text, as the docker command would, and fails. */
async function errorOf(text: string): Promise<CommandError> {
  const { error } = await tryRun("sh", ["-c", "cat >&2; exit 1"], { input: text });
  return error!;
}

const noEngine = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
const noContainer = "Error response from daemon: No such container: cluster1-registry";

describe("engineUnreachable", () => {
  const unreachable = [
    noEngine,
    "error during connect: Get http://localhost:2375/version: dial tcp 127.0.0.1:2375: connect: connection refused",
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
  ];
  for (const text of unreachable) {
    it(`engineUnreachable is true when docker fails with: ${text.slice(0, 60)}…`, async () => {
      expect(engineUnreachable(await errorOf(text))).to.equal(true);
    });
  }

  it("engineUnreachable is true when there is no docker command", async () => {
    expect(engineUnreachable((await tryRun("no-such-command", [])).error)).to.equal(true);
  });

  it("engineUnreachable is false for what an engine answered, and for errors of anything but a command", async () => {
    expect(engineUnreachable(await errorOf(noContainer))).to.equal(false);
    expect(engineUnreachable(new Error(noEngine))).to.equal(false);
    expect(engineUnreachable("connection refused")).to.equal(false);
  });
});

describe("unlessUnreachable", () => {
  it("unlessUnreachable returns the engine's answer, and undefined when no engine answers", async () => {
    expect(await unlessUnreachable(Promise.resolve("answer"))).to.equal("answer");
    expect(await unlessUnreachable(Promise.reject<string>(await errorOf(noEngine)))).to.equal(undefined);
  });

  it("unlessUnreachable fails with any other error", async () => {
    const error = await errorOf(noContainer);
    expect(await failureOf(unlessUnreachable(Promise.reject(error)))).to.equal(error);
  });
});
