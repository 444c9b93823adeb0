import { expect } from "chai";
import { execa } from "execa";
import { deleteCluster, ensureCluster } from "../../infra/kind/lifecycle.ts";
import * as provider from "../../infra/kind/provider.ts";
import { controlPlane, kindConfig, type KindClusterSpec } from "../../infra/kind/cluster-spec.ts";
import { clusterState, declareIntent } from "../../infra/kind/cluster-state.ts";
import { images } from "../../versions.ts";
import { failureOf } from "../support/failure.ts";
import { freePort, removeCluster, sweep, throwawayName } from "../support/throwaway.ts";
import { setVariable } from "../support/environment-variable.ts";

const docker = async (...args: string[]) => (await execa("docker", args)).stdout;

describe("a kind cluster", function () {
  this.timeout(300_000);
  const owner = "identity/test";
  let spec: KindClusterSpec;
  let inputs: provider.KindClusterInputs;
  let restoreKubeconfig: () => void;

  before(async () => {
    await sweep();
    spec = { name: throwawayName(), image: images.node, httpPort: await freePort(), workers: 0 };
    inputs = {
      ...spec,
      owner,
      registry: { host: `localhost:${spec.httpPort + 5000}`, endpoint: "http://no-registry:5000" },
    };
    restoreKubeconfig = setVariable("KUBECONFIG", `/tmp/${spec.name}.kubeconfig`);
  });
  after(async () => {
    await removeCluster(spec.name);
    await execa("rm", ["-f", process.env.KUBECONFIG ?? ""]);
    restoreKubeconfig();
  });

  let made: Awaited<ReturnType<typeof provider.create>>;

  it("is absent, and not an error, before it is made", async () => {
    expect(await clusterState(spec.name)).to.deep.equal({ phase: "absent" });
    expect(await provider.read(spec.name, { ...inputs } as provider.KindClusterOutputs)).to.deep.equal({});
  });

  it("is made anew where a creation was cut short", async () => {
    await declareIntent(spec.name);
    const cut = execa("kind", ["create", "cluster", "--config", "-"], { input: kindConfig(spec), reject: false });
    // As soon as there is a container, as a killed process would leave it.
    while ((await clusterState(spec.name)).phase === "absent" && cut.exitCode === null)
      await new Promise((resolve) => setImmediate(resolve));
    cut.kill("SIGKILL");
    await cut;
    expect(await clusterState(spec.name)).to.deep.equal({ phase: "broken" });
    made = await provider.create(inputs);
    expect(made.outs!.context).to.equal(`kind-${spec.name}`);
    expect((await clusterState(spec.name)).phase).to.equal("running");
  });

  it("is adopted, not made again, when the state does not know it", async () => {
    const again = await provider.create(inputs);
    expect(again.outs!.incarnation).to.equal(made.outs!.incarnation);
  });

  it("shows no difference while nothing has changed", async () => {
    expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({ changes: false, replaces: [] });
  });

  it("is replaced only by a change that kind can't make", async () => {
    const other = { ...inputs, workers: 1 };
    expect(await provider.diff(spec.name, made.outs!, other)).to.deep.include({
      changes: true,
      replaces: ["workers"],
      deleteBeforeReplace: true,
    });
    const mirror = { ...inputs, registry: { ...inputs.registry, endpoint: "http://other:5000" } };
    expect(await provider.diff(spec.name, made.outs!, mirror)).to.deep.include({ changes: true, replaces: [] });
  });

  it("is refused to another stack, and in another shape", async () => {
    const others = { ...inputs, owner: "identity/other" };
    expect((await failureOf(provider.create(others)))?.message)
      .to.contain(`belongs to ${inputs.owner}`)
      .and.to.contain("npm run down");
    expect((await provider.check({}, others)).failures?.[0]?.reason).to.contain(`belongs to ${inputs.owner}`);
    expect((await failureOf(provider.create({ ...inputs, workers: 2 })))?.message)
      .to.contain("has workers 0")
      .and.to.contain(`kind delete cluster --name ${spec.name}`);
  });

  it("can't take another name on its port, and says what to do", async () => {
    const { failures } = await provider.check({}, { ...inputs, name: throwawayName() });
    expect(failures?.[0]?.reason).to.contain(`by cluster "${spec.name}"`).and.to.contain("npm run down");
  });

  it("is left alone by another stack that had one of its name", async () => {
    await provider.delete(spec.name, { ...made.outs!, owner: "identity/other" });
    expect((await clusterState(spec.name)).phase).to.equal("running");
  });

  it("is woken when its node was paused", async () => {
    await execa("docker", ["pause", controlPlane(spec.name)]);
    expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({ changes: true, replaces: [] });
    await provider.update(spec.name, made.outs!, inputs);
    expect((await clusterState(spec.name)).phase).to.equal("running");
  });

  it("is started, not made again, when its node was stopped", async () => {
    await docker("stop", controlPlane(spec.name));
    expect((await clusterState(spec.name)).phase).to.equal("stopped");
    expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({ changes: true, replaces: [] });
    const { outs } = await provider.update(spec.name, made.outs!, inputs);
    expect(outs!.incarnation).to.equal(made.outs!.incarnation);
    expect((await clusterState(spec.name)).phase).to.equal("running");
  });

  it("is not taken for absent when no engine answers", async () => {
    const restore = setVariable("DOCKER_HOST", "unix:///nowhere/docker.sock");
    try {
      const failure = await failureOf(provider.read(spec.name, made.outs));
      expect(failure?.message).to.match(/docker/i);
      expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({ changes: false });
    } finally {
      restore();
    }
  });

  it("is replaced when it was deleted behind the program's back", async () => {
    await deleteCluster(spec.name);
    expect(await provider.diff(spec.name, made.outs!, inputs)).to.deep.include({
      changes: true,
      replaces: ["incarnation"],
    });
  });

  it("is refused, and left alone, when somebody else made it", async () => {
    await docker(
      "run",
      "--detach",
      `--name=${controlPlane(spec.name)}`,
      `--label=io.x-k8s.kind.cluster=${spec.name}`,
      "--label=io.x-k8s.kind.role=control-plane",
      "--entrypoint=sleep",
      images.node,
      "300",
    );
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
