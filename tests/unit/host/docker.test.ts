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
    // 20.10
    "error during connect: Get http://localhost:2375/version: dial tcp 127.0.0.1:2375: connect: connection refused",
    "Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get " +
      '"http://%2Fvar%2Frun%2Fdocker.sock/v1.24/version": dial unix /var/run/docker.sock: connect: permission denied',
    // 23 to 28
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
    'error during connect: Get "http://docker.example.com/v1.24/version": command [ssh -o ConnectTimeout=30 -T -- host ' +
      "docker system dial-stdio] has exited with exit status 255, make sure the URL is valid, and Docker 18.09 or later " +
      "is installed on the remote host: stderr=ssh: connect to host host port 22: Connection refused",
    // 29
    "failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon " +
      "is running: dial unix /var/run/docker.sock: connect: no such file or directory",
    "failed to connect to the docker API at tcp://nowhere:2375: lookup nowhere: no such host",
    "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock",
    "the server probably has client authentication (--tlsverify) enabled; check your TLS client certification settings: " +
      "remote error: tls: handshake failure",
    'unable to resolve docker endpoint: context "colima": context not found: open /root/.docker/contexts/meta.json',
    "context deadline exceeded",
  ];
  for (const text of unreachable) {
    it(`engineUnreachable is true when docker fails with: ${text.slice(0, 60)}…`, async () => {
      expect(engineUnreachable(await errorOf(text))).to.equal(true);
    });
  }

  it("engineUnreachable is true when there is no docker command", async () => {
    expect(engineUnreachable((await tryRun("no-such-command", [])).error)).to.equal(true);
  });

  it("engineUnreachable is false for what an engine answered, whatever that quotes", async () => {
    const answers = [
      noContainer,
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp 1.2.3.4:443: connect: connection refused',
      "Error response from daemon: open /var/lib/docker/tmp/x: permission denied while trying to connect to the docker x",
      "docker: Error response from daemon: context deadline exceeded",
      "cat: /etc/docker: ENOENT",
    ];
    for (const answer of answers) expect(engineUnreachable(await errorOf(answer)), answer).to.equal(false);
  });

  it("engineUnreachable is false for errors of anything but a command", () => {
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
