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
import { recordCreation, standingCluster } from "../../infra/kind/cluster-state.ts";
import { deleteCluster, ensureCluster } from "../../infra/kind/lifecycle.ts";
import * as marks from "../../infra/kind/mark-provider.ts";
import * as provider from "../../infra/kind/provider.ts";
import { claimOf, phaseOf } from "../../infra/kind/standing-cluster.ts";
import { askedVariables } from "../../infra/ownership/asked.ts";
import { kindClusterLabel } from "../../infra/ownership/docker-labels.ts";
import { registryHost } from "../../infra/registry/registry-address.ts";
import { images } from "../../versions.ts";
import { setVariable } from "../support/environment-variable.ts";
import { failureOf } from "../support/failure.ts";
import { freePort } from "../support/free-port.ts";
import { testOwner } from "../support/test-owner.ts";
import { removeCluster, sweep, throwawayName } from "../support/throwaway-clusters.ts";

describe("a kind cluster", function () {
  this.timeout(300_000);
  const owner = testOwner("test");
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

  const phase = async () => phaseOf(await standingCluster(spec.name));
  const claim = async () => claimOf(await standingCluster(spec.name), owner);
  const markInputs = () => ({ cluster: spec.name, incarnation: made.outs!.incarnation, owner });
  let made: Awaited<ReturnType<typeof provider.create>>;

  it("a kind cluster that is not made yet is absent, which is no error", async () => {
    expect(await phase()).to.equal("absent");
    expect(await provider.read(spec.name, { ...inputs } as provider.KindClusterOutputs)).to.deep.equal({});
  });

  it("a kind cluster is made anew when its creation was cut short", async () => {
    await recordCreation(spec.name, owner);
    const cut = execa("kind", ["create", "cluster", "--config", "-"], { input: kindConfig(spec), reject: false });
    // It is killed as soon as there is a container.
    const began = async () => (await phase()) !== "absent" || cut.exitCode !== null;
    await waitUntil(began, 120, { longestPauseMilliseconds: 10 });
    cut.kill("SIGKILL");
    await cut;
    expect(await phase()).to.equal("broken");
    expect(await claim()).to.deep.equal({ by: "us" });
    const others = { ...inputs, owner: testOwner("other", { folder: "/elsewhere" }) };
    // The process that recorded the creation, this one, still runs.
    expect((await failureOf(provider.create(others)))?.message)
      .to.contain(`being created right now by process ${process.pid}`)
      .and.to.contain(owner.folder);
    made = await provider.create(inputs);
    expect(made.outs!.context).to.equal(`kind-${spec.name}`);
    expect(await phase()).to.equal("running");
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
    const others = { ...inputs, owner: testOwner("other", { folder: "/elsewhere" }) };
    for (const message of [
      (await failureOf(provider.create(others)))?.message,
      (await provider.check({}, others)).failures?.[0]?.reason,
      (await failureOf(provider.diff(spec.name, { ...made.outs!, owner: others.owner }, others)))?.message,
    ]) {
      expect(message).to.contain(`stack test of project identity in ${owner.folder}`);
      expect(message).to.contain("npm run up -- other --adopt").and.to.contain("npm run down -- other --adopt");
    }
    const restore = setVariable(askedVariables.adopt, "true");
    const failure = await failureOf(provider.create({ ...others, workers: 2 })).finally(restore);
    expect(failure?.message).to.contain("has workers 0").and.to.contain("npm run down -- other --adopt");
  });

  it("a kind cluster is taken over when that is asked for, and its former owner is told", async () => {
    const others = { ...inputs, owner: testOwner("other", { folder: "/elsewhere" }) };
    const restore = setVariable(askedVariables.adopt, "true");
    const taken = await provider.create(others).finally(restore);
    expect(taken.outs!.incarnation).to.equal(made.outs!.incarnation);
    expect((await failureOf(provider.diff(spec.name, made.outs!, inputs)))?.message).to.contain("/elsewhere");
    expect((await failureOf(provider.delete(spec.name, made.outs!)))?.message).to.contain("/elsewhere");
    const restoreAgain = setVariable(askedVariables.adopt, "true");
    await marks.update("", { ...markInputs() }, markInputs()).finally(restoreAgain);
    expect(await claim()).to.deep.equal({ by: "us" });
  });

  it("a kind cluster that an earlier version made is known by its container, and marked without a replacement", async () => {
    const legacy = JSON.stringify({ owner: "identity/test", spec });
    await docker(["exec", "--interactive", controlPlaneName(spec.name), "tee", "/kind/owner.json"], { input: legacy });
    const former = { ...made.outs!, owner: "identity/test" };
    expect((await failureOf(provider.create(inputs)))?.message).to.contain("earlier version");
    expect(await provider.diff(spec.name, former, inputs)).to.deep.include({ changes: false, replaces: [] });
    expect(await marks.diff("", markInputs(), markInputs())).to.deep.include({ changes: true, replaces: [] });
    await marks.create(markInputs());
    expect(await marks.diff("", markInputs(), markInputs())).to.deep.include({ changes: false });
    expect(await claim()).to.deep.equal({ by: "us" });
  });

  it("a kind cluster keeps its node image until a newer one is asked for", async () => {
    const newer = { ...inputs, image: "kindest/node:v9.9.9" };
    const checked = async () => (await provider.check(inputs, newer)).inputs!.image;
    expect(await checked()).to.equal(spec.image);
    const restore = setVariable(askedVariables.replace, "true");
    expect(await checked().finally(restore)).to.equal(newer.image);
  });

  it("a kind cluster of another name on the same port is refused, with what to do", async () => {
    const { failures } = await provider.check({}, { ...inputs, name: throwawayName() });
    expect(failures?.[0]?.reason).to.contain(`by cluster "${spec.name}"`).and.to.contain("npm run down");
  });

  it("a kind cluster is left alone when another stack deletes one of the same name", async () => {
    const gone = { owner: testOwner("other"), incarnation: "another container" };
    await provider.delete(spec.name, { ...made.outs!, ...gone });
    expect(await phase()).to.equal("running");
  });

  it("a kind cluster is woken when its node was paused", async () => {
    await docker(["pause", controlPlaneName(spec.name)]);
    expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({ changes: true, replaces: [] });
    await provider.update(spec.name, made.outs!, inputs);
    expect(await phase()).to.equal("running");
  });

  it("a kind cluster is started, not made again, when its node was stopped", async () => {
    await docker(["stop", controlPlaneName(spec.name)], { deadlineSeconds: 120 });
    expect(await phase()).to.equal("stopped");
    expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({ changes: true, replaces: [] });
    const { outs } = await provider.update(spec.name, made.outs!, inputs);
    expect(outs!.incarnation).to.equal(made.outs!.incarnation);
    expect(await phase()).to.equal("running");
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
    expect(await claim()).to.deep.equal({ by: "strangers" });
    const { failures } = await provider.check({}, inputs);
    expect(failures).to.have.length(1);
    expect(failures![0]!.reason).to.contain("was not made by this project");
    await provider.delete(spec.name, made.outs!);
    expect(await claim()).to.deep.equal({ by: "strangers" });
    const failure = await failureOf(ensureCluster(spec, inputs.registry, owner));
    expect(failure?.message).to.contain("was not made by this project");
  });
});
