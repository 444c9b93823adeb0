import { expect } from "chai";
import { judge, type PodState } from "../../../../fleet/dev/delivery.ts";
import type { Pod } from "../../../../fleet/dev/pod.ts";
import type { SupervisorWord } from "../../../../fleet/dev/pod-link.ts";

const code = { version: "v2", code: "…" };

interface Shape {
  name?: string;
  image?: string;
  supervised?: boolean;
  ready?: boolean;
  waiting?: { reason: string; message?: string };
  word?: SupervisorWord;
}

const state = ({ name = "pod", image = "old", supervised = true, ready = true, waiting, word }: Shape): PodState => {
  const command = supervised ? ["node", "--eval", "…", "--", "/app/server.js", "/dev-code"] : undefined;
  const pod: Pod = {
    metadata: { uid: name, name, namespace: "shop" },
    spec: { containers: [{ name: "service", image, command }] },
    status: {
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      containerStatuses: [{ name: "service", state: waiting === undefined ? { running: {} } : { waiting } }],
    },
  };
  return { pod, wordOf: (version) => (word?.version === version ? word : undefined) };
};

const serving: SupervisorWord = { dev: "serving", version: "v2" };
const failed: SupervisorWord = { dev: "failed", version: "v2", reason: "it ended with status 1\nno database" };

describe("dev/delivery", () => {
  it("judge counts pods that serve the new code", () => {
    const states = [state({ word: serving }), state({ word: serving })];
    expect(judge(states, { code, swap: true })).to.deep.equal({ pods: 2, waiting: [], failures: [] });
  });

  it("judge waits for a pod that said nothing of the new code yet", () => {
    const states = [state({ word: serving }), state({ name: "slow", word: { dev: "serving", version: "v1" } })];
    expect(judge(states, { code, swap: true }).waiting).to.deep.equal([
      { pod: "slow", reason: "it does not serve yet" },
    ]);
  });

  it("judge tells why a pod does not take the new code, in the code's own words", () => {
    expect(judge([state({ word: failed })], { code, swap: true })).to.deep.include({
      waiting: [],
      failures: [{ pod: "pod", reason: "it ended with status 1\nno database" }],
    });
  });

  it("judge waits for a pod without a supervisor to be replaced by one that has it", () => {
    expect(judge([state({ supervised: false })], { swap: true }).waiting).to.have.length(1);
    expect(judge([state({})], { swap: true }).waiting).to.have.length(0);
  });

  it("judge waits for a new image to be ready, and says in Kubernetes' words why it is not", () => {
    const waiting = { reason: "ImagePullBackOff", message: "Back-off pulling image" };
    const states = [
      state({ supervised: false }),
      state({ supervised: false, image: "new", ready: false, waiting }),
      state({ supervised: false, image: "new" }),
    ];
    const judged = judge(states, { image: "new" });
    expect(judged.waiting.map(({ reason }) => reason)).to.deep.equal([
      "it does not serve yet",
      "ImagePullBackOff: Back-off pulling image",
    ]);
  });

  it("judge waits at the end for the last supervisor to be gone", () => {
    expect(judge([state({})], { plain: true }).waiting).to.have.length(1);
    expect(judge([state({ supervised: false })], { plain: true }).waiting).to.have.length(0);
  });
});
