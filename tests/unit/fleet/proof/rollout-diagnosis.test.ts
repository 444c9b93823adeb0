import { expect } from "chai";
import { explainPod, listeningIn, type PodFindings } from "../../../../fleet/proof/rollout-diagnosis.ts";

type Status = NonNullable<PodFindings["pod"]["status"]["containerStatuses"]>[number];

const findings = (status: Partial<Status> | undefined, more: Partial<PodFindings> = {}): PodFindings => ({
  pod: {
    metadata: { name: "web-1", creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: { nodeName: "n", containers: [{ name: "service", ports: [{ containerPort: 8080 }] }] },
    status: {
      conditions: [{ type: "PodScheduled", status: "False", message: "0/1 nodes are available: 1 Insufficient cpu." }],
      containerStatuses: status && [{ ready: false, restartCount: 0, ...status }],
    },
  },
  log: "",
  ...more,
});

describe("explainPod", () => {
  it("a container that ends is told with its exit status and its last lines, without escape sequences", () => {
    const status = {
      restartCount: 3,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off" } },
      lastState: { terminated: { reason: "Error", exitCode: 2 } },
    };
    const text = explainPod(findings(status, { log: "one\n\u001b[31mno DATABASE_URL\u001b[0m\n" }));
    expect(text).to.equal(
      "the pod web-1 ends again and again (exit status 2, 3 restarts); its last lines:\n    one\n    no DATABASE_URL",
    );
  });

  it("a port that nothing listens on is told, with the ports that something does listen on", () => {
    const status = { state: {} };
    expect(explainPod(findings(status, { listening: [3000] }))).to.contain(
      "nothing listens on port 8080, and the container listens on 3000: write that as its port",
    );
    expect(explainPod(findings(status, { listening: [] }))).to.contain("listens on no port at all");
    expect(explainPod(findings(status, { listening: [8080] }))).to.contain("its probes do not pass;");
  });

  it("a probe that does not pass is told by the node's words, unless nothing listens", () => {
    const failedProbe = "Readiness probe failed: HTTP probe failed with statuscode: 500";
    expect(explainPod(findings({ state: {} }, { listening: [8080], failedProbe }))).to.contain(
      `its probes do not pass (${failedProbe}): see its probes;`,
    );
    expect(explainPod(findings({ state: {} }, { listening: [], failedProbe }))).not.to.contain("Readiness");
  });

  it("an image that can't be pulled, a root image and a lack of memory are told by the node's words and a remedy", () => {
    const waiting = (reason: string, message: string) =>
      explainPod(findings({ state: { waiting: { reason, message } } }));
    expect(waiting("ErrImagePull", 'failed to pull image "x": not found')).to.contain("is the image's name right");
    expect(waiting("ErrImagePull", "failed to pull: x509: certificate signed by unknown authority")).to.contain(
      "the node does not know the authority",
    );
    expect(waiting("ErrImagePull", "failed to pull: http: server gave HTTP response to HTTPS client")).to.contain(
      "only if told to",
    );
    expect(waiting("ErrImagePull", "failed to pull: 401 Unauthorized")).to.contain("write pullSecret");
    expect(waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root")).to.contain(
      '"security: baseline"',
    );
    const killed = { lastState: { terminated: { reason: "OOMKilled", exitCode: 137 } } };
    expect(explainPod(findings(killed))).to.contain("raise resources.memory");
  });

  it("a pod whose containers were never started is told with what the node said of that", () => {
    const status = { state: { waiting: { reason: "ContainerCreating" } } };
    const obstacle = "Failed to create pod sandbox: failed to setup network for sandbox: no IP addresses available";
    const failedProbe = "Readiness probe failed";
    expect(explainPod(findings(status, { obstacle, failedProbe }))).to.equal(
      `the pod web-1 has not started: ${obstacle}; it wrote nothing`,
    );
    expect(explainPod(findings(status))).to.equal("the pod web-1 has not started; it wrote nothing");
  });

  it("a pod that no node takes is told with the scheduler's words", () => {
    expect(explainPod(findings(undefined))).to.contain(
      "waits for a node: 0/1 nodes are available: 1 Insufficient cpu.",
    );
  });
});

describe("listeningIn", () => {
  it("the ports that listen are read from the kernel's tables, each once, and those of connections are not", () => {
    const table = `  sl  local_address rem_address   st tx_queue
   0: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:1F90 0100007F:A0B2 01 00000000:00000000 00:00000000 00000000     0        0 2 1
   0: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000`;
    expect(listeningIn(table)).to.deep.equal([3000]);
  });
});
