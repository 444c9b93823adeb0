import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { controlPlaneName } from "../../config/cluster-config.ts";
import { registryPort } from "../../config/host-ports.ts";
import { docker } from "../../host/docker.ts";
import { waitUntil } from "../../host/wait.ts";
import { kindConfig, type KindClusterSpec } from "../../infra/kind/cluster-spec.ts";
import { clusterState, recordCreation } from "../../infra/kind/cluster-state.ts";
import { deleteCluster, ensureCluster } from "../../infra/kind/lifecycle.ts";
import * as provider from "../../infra/kind/provider.ts";
import { kindClusterLabel } from "../../infra/ownership/docker-labels.ts";
import { registryHost } from "../../infra/registry/registry-address.ts";
import { images } from "../../versions.ts";
import { setVariable } from "../support/environment-variable.ts";
import { failureOf } from "../support/failure.ts";
import { freePort } from "../support/free-port.ts";
import { removeCluster, sweep, throwawayName } from "../support/throwaway-clusters.ts";

describe("a kind cluster", function () {
  this.timeout(300_000);
  const owner = "identity/test";
  let spec: KindClusterSpec;
  let inputs: provider.KindClusterInputs;
  let kubeconfig: string;
  let restoreKubeconfig: () => void;

  before(async () => {
    await sweep();
    spec = { name: throwawayName(), image: images.node, httpPort: await freePort(), workers: 0 };
    inputs = {
      ...spec,
      owner,
      registry: { host: registryHost(registryPort(spec)), endpoint: "http://no-registry:5000" },
    };
    kubeconfig = join(tmpdir(), `${spec.name}.kubeconfig`);
    restoreKubeconfig = setVariable("KUBECONFIG", kubeconfig);
  });
  after(async () => {
    await removeCluster(spec.name);
    await rm(kubeconfig, { force: true });
    restoreKubeconfig();
  });

  let made: Awaited<ReturnType<typeof provider.create>>;

  it("a kind cluster that is not made yet is absent, which is no error", async () => {
    expect(await clusterState(spec.name)).to.deep.equal({ phase: "absent" });
    expect(await provider.read(spec.name, { ...inputs } as provider.KindClusterOutputs)).to.deep.equal({});
  });

  it("a kind cluster is made anew when its creation was cut short", async () => {
    await recordCreation(spec.name);
    const cut = execa("kind", ["create", "cluster", "--config", "-"], { input: kindConfig(spec), reject: false });
    // It is killed as soon as there is a container.
    const began = async () => (await clusterState(spec.name)).phase !== "absent" || cut.exitCode !== null;
    await waitUntil(began, 120, { longestPauseMilliseconds: 10 });
    cut.kill("SIGKILL");
    await cut;
    expect(await clusterState(spec.name)).to.deep.equal({ phase: "broken" });
    made = await provider.create(inputs);
    expect(made.outs!.context).to.equal(`kind-${spec.name}`);
    expect((await clusterState(spec.name)).phase).to.equal("running");
  });

  it("a kind cluster is adopted, not made again, when the state does not know it", async () => {
    const again = await provider.create(inputs);
    expect(again.outs!.incarnation).to.equal(made.outs!.incarnation);
  });

  it("a kind cluster has no difference while nothing has changed", async () => {
    expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({ changes: false, replaces: [] });
  });

  it("a kind cluster is replaced only by a change that kind can't make", async () => {
    const other = { ...inputs, workers: 1 };
    expect(await provider.diff(spec.name, made.outs!, other)).to.deep.include({
      changes: true,
      replaces: ["workers"],
      deleteBeforeReplace: true,
    });
    const mirror = { ...inputs, registry: { ...inputs.registry, endpoint: "http://other:5000" } };
    expect(await provider.diff(spec.name, made.outs!, mirror)).to.deep.include({ changes: true, replaces: [] });
  });

  it("a kind cluster is refused to another stack, and in another shape", async () => {
    const others = { ...inputs, owner: "identity/other" };
    expect((await failureOf(provider.create(others)))?.message)
      .to.contain(`belongs to ${inputs.owner}`)
      .and.to.contain("npm run down");
    expect((await provider.check({}, others)).failures?.[0]?.reason).to.contain(`belongs to ${inputs.owner}`);
    expect((await failureOf(provider.create({ ...inputs, workers: 2 })))?.message)
      .to.contain("has workers 0")
      .and.to.contain(`kind delete cluster --name ${spec.name}`);
  });

  it("a kind cluster of another name on the same port is refused, with what to do", async () => {
    const { failures } = await provider.check({}, { ...inputs, name: throwawayName() });
    expect(failures?.[0]?.reason).to.contain(`by cluster "${spec.name}"`).and.to.contain("npm run down");
  });

  it("a kind cluster is left alone when another stack deletes one of the same name", async () => {
    await provider.delete(spec.name, { ...made.outs!, owner: "identity/other" });
    expect((await clusterState(spec.name)).phase).to.equal("running");
  });

  it("a kind cluster is woken when its node was paused", async () => {
    await docker(["pause", controlPlaneName(spec.name)]);
    expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({ changes: true, replaces: [] });
    await provider.update(spec.name, made.outs!, inputs);
    expect((await clusterState(spec.name)).phase).to.equal("running");
  });

  it("a kind cluster is started, not made again, when its node was stopped", async () => {
    await docker(["stop", controlPlaneName(spec.name)], { deadlineSeconds: 120 });
    expect((await clusterState(spec.name)).phase).to.equal("stopped");
    expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({ changes: true, replaces: [] });
    const { outs } = await provider.update(spec.name, made.outs!, inputs);
    expect(outs!.incarnation).to.equal(made.outs!.incarnation);
    expect((await clusterState(spec.name)).phase).to.equal("running");
  });

  it("a kind cluster is not taken for absent when no engine answers", async () => {
    const restore = setVariable("DOCKER_HOST", "unix:///nowhere/docker.sock");
    try {
      const failure = await failureOf(provider.read(spec.name, made.outs));
      expect(failure?.message).to.match(/docker/i);
      expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({ changes: false });
    } finally {
      restore();
    }
  });

  it("a kind cluster is replaced when it was deleted without the program", async () => {
    await deleteCluster(spec.name);
    expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({
      changes: true,
      replaces: ["incarnation"],
    });
  });

  it("a kind cluster that somebody else made is refused, and left alone", async () => {
    const labels = [`--label=${kindClusterLabel}=${spec.name}`, "--label=io.x-k8s.kind.role=control-plane"];
    const node = [`--name=${controlPlaneName(spec.name)}`, ...labels, "--entrypoint=sleep", images.node, "300"];
    await docker(["run", "--detach", ...node]);
    expect(await clusterState(spec.name)).to.deep.equal({ phase: "foreign" });
    const { failures } = await provider.check({}, inputs);
    expect(failures).to.have.length(1);
    expect(failures![0]!.reason).to.contain("was not made by this project");
    await provider.delete(spec.name, made.outs!);
    expect((await clusterState(spec.name)).phase).to.equal("foreign");
    const failure = await failureOf(ensureCluster(spec, inputs.registry, owner));
    expect(failure?.message).to.contain("was not made by this project");
  });
});
