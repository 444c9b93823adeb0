import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { docker } from "../../host/docker.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { describeCiWorkflow } from "../support/describe-ci-workflow.ts";
import { waitFor } from "../../host/wait.ts";
import { nodeNetwork } from "../../infra/kind/network.ts";
import { clusterLabel } from "../../infra/ownership/docker-labels.ts";
import { versions } from "../../versions.ts";
import { addressOf } from "../support/container-address.ts";
import { explainFailures } from "../support/explain-failures.ts";
import { ExistingCluster, registryUser, theirClass } from "../support/existing-cluster.ts";
import { get, imageOf, kubectl, list } from "../support/kubectl.ts";
import { removeCluster, sweep, throwawayName } from "../support/throwaway-clusters.ts";
import { ThrowawayProject } from "../support/throwaway-project.ts";

const pause = `registry.k8s.io/pause:${versions.pause}`;

/** Has Pulumi encrypt a value of the stack east. @param folder where the value lies in plain for a moment */
async function setSecretOfEast(project: ThrowawayProject, folder: string, path: string, value: string): Promise<void> {
  const file = join(folder, "secret");
  await writeFile(file, value, { mode: 0o600 });
  await project.shell(
    `eval "$(npm run -s env)" && pulumi config set -s east --secret --path ${path} < ${file} && rm ${file}`,
  );
}

describe("a stack on a cluster that others made, linked with one on a cluster of ours", function () {
  this.timeout(600_000);
  let cluster: ExistingCluster;
  let project: ThrowawayProject;
  let second: ThrowawayProject | undefined;
  let limited: string;
  let atFirst: string[];

  const theirs = (): KubectlTarget => cluster.target;
  const shop = { name: "identity", namespace: "shop", ingress: true, replicas: 1 };
  const own = { name: "inner", namespace: "own", replicas: 1 };
  const setEast = async (change: { kubeconfig?: string; services?: object[] }) => {
    const { config } = await project.readStackFile("east");
    const was = config["identity:cluster"] as object;
    if (change.kubeconfig !== undefined) {
      await project.setConfig("east", "cluster", { ...was, kubeconfig: change.kubeconfig });
    }
    if (change.services !== undefined) await project.setConfig("east", "services", change.services);
  };
  const refused = async (script: string, ...args: string[]) => {
    const { status, all } = await project.run(script, ...args);
    expect(status, all).to.equal(1);
    expect(all).not.to.match(/\n {4}at /); // no stack trace
    return all;
  };
  const setSecret = (path: string, value: string) => setSecretOfEast(project, cluster.folder, path, value);
  const deployer = { kind: "ServiceAccount", name: "deployer", namespace: "deployers" };
  /** Says who has the rights of the user with few rights. */
  const grantRights = async (subjects: object[]) => {
    const patch = JSON.stringify([{ op: "add", path: "/subjects", value: subjects }]);
    const binding = ["rolebinding", "fleet-deployer", "--type=json", `--patch=${patch}`];
    await kubectl(theirs(), ["--namespace=shop", "patch", ...binding]);
  };
  const uidOf = async (kind: string, namespace: string, name: string) =>
    (await get(theirs(), kind, namespace, name)).metadata.uid;

  before(async () => {
    await sweep();
    cluster = await ExistingCluster.create();
    limited = await cluster.limitedUser("shop");
    project = await ThrowawayProject.create(["staging"]);
    await project.setConfig("staging", "services", [
      { name: "identity", namespace: "test-namespace", ingress: true, replicas: 1 },
    ]);
    await project.setPeers("staging", [
      { alias: "east", namespace: "test-namespace", stack: "east", whenAbsent: "omit" },
    ]);
    const config = {
      "identity:cluster": {
        context: cluster.target.context,
        registry: {
          host: cluster.registry,
          user: registryUser.user,
          password: registryUser.password,
          caCertificate: cluster.registryAuthority,
        },
        ingress: { class: theirClass, caCertificate: cluster.caCertificate },
      },
      "identity:exposedUrl": cluster.url,
      "identity:services": [shop],
      "identity:peers": [{ alias: "staging", namespace: "shop", stack: "staging" }],
    };
    await project.write("Pulumi.east.yaml", stringify({ config }));
    atFirst = await cluster.objects();
  });
  after(async () => {
    await second?.remove();
    await project.remove();
    await cluster.remove();
  });
  explainFailures(() => [cluster.target, project.cluster("staging")]);

  it("a password in plain is refused, and the preview of an encrypted one says which server would be changed", async () => {
    expect(await refused("preview", "east")).to.contain("cluster.registry.password: is in plain");
    await project.shell('eval "$(npm run -s env)" && pulumi stack init east --no-select');
    await setSecret("identity:cluster.kubeconfig", await readFile(limited, "utf8"));
    await setSecret("identity:cluster.registry.password", "not-the-password");
    expect(await refused("preview", "east")).to.contain('does not accept the user "deploy"');
    await setSecret("identity:cluster.registry.password", registryUser.password);
    const { all } = await project.succeed("preview", "east");
    const uid = await uidOf("namespace", "default", "kube-system");
    expect(all).to.contain(`context ${cluster.target.context} leads to https://127.0.0.1:`).and.to.contain(uid);
    expect(await cluster.objects()).to.deep.equal(atFirst);
  });

  it("both stacks come up as a user with few rights, and their links lead both ways", async () => {
    const { all } = await project.succeed("up");
    expect(all).to.contain(cluster.url);
    const rows = JSON.parse((await project.succeed("links", "--json", "--check")).stdout) as object[];
    const answers = rows.map((row) => (row as { answer: string }).answer).sort();
    expect(answers).to.deep.equal(["This is identity in cluster east", "This is identity in cluster staging"]);
    const { stdout } = await project.succeed("call", "east", "http://staging.shop/cluster");
    expect(stdout).to.contain("This is identity in cluster staging");
    expect(await imageOf(theirs(), "shop", "identity")).to.match(new RegExp(`^${cluster.registry}/identity@sha256:`));
  });

  it("a kubeconfig that is a secret is nowhere in plain, and no file of it stays", async () => {
    const token = /token: (\S+)/.exec(await readFile(limited, "utf8"))![1]!;
    const found = await project.shell(`grep -rl -e '${token}' . --exclude-dir=node_modules --exclude-dir=.git || true`);
    expect(found.stdout).to.equal("");
    expect((await project.shell("find .fleet/tmp -path '*kubeconfigs/*'")).stdout).to.equal("");
  });

  it("a namespace that was there is used, and gets neither a label nor a policy", async () => {
    const namespace = await get(theirs(), "namespace", "default", "shop");
    expect(namespace.metadata.labels).to.deep.equal({ "kubernetes.io/metadata.name": "shop" });
    expect(await list(theirs(), "networkpolicies", "shop")).to.have.length(0);
  });

  it("what may not be done is told by name, before anything is changed", async () => {
    await setEast({ services: [shop, own] });
    const all = await refused("up", "east");
    expect(all).to.contain("may not").and.to.contain("deployments.apps in own");
    expect(all).to.contain("get namespaces (own) in the whole cluster");
  });

  it("rights that are taken away in the middle are told, and once they are given back, up goes on", async () => {
    await setEast({ services: [shop, { ...own, name: "late", namespace: "shop" }] });
    const running = project.run("up", "east");
    await waitFor("the first object of the new service", 120, async () => uidOf("serviceaccount", "shop", "late"), {
      longestPauseMilliseconds: 50,
    });
    await grantRights([]);
    const { status, all } = await running;
    expect(status, all).to.equal(1);
    expect(all).to.match(/forbidden|may not/i);
    expect(await refused("up", "east")).to.match(/may not .*deployments\.apps in shop/);
    await grantRights([deployer]);
    await project.succeed("up", "east");
    expect(await list(theirs(), "deployments", "shop")).to.have.length(3);
  });

  it("what others have under a service's name is refused, and left as it is", async () => {
    const deployment = await uidOf("deployment", "shop", "theirs");
    await setEast({ services: [shop, { name: "theirs", namespace: "shop", replicas: 1 }] });
    expect(await refused("up", "east")).to.contain("Deployment shop/theirs is there, and was not made by this project");
    expect(await uidOf("deployment", "shop", "theirs")).to.equal(deployment);
  });

  it("as an administrator, a namespace is made, a change is rolled out, and what was deleted is brought back", async () => {
    await kubectl(theirs(), ["--namespace=shop", "delete", "deployment", "identity"]);
    // The login of the last up may be of no use by now.
    await grantRights([]);
    await setEast({ kubeconfig: theirs().kubeconfig, services: [{ ...shop, applicationName: "changed" }, own] });
    const { all } = await project.succeed("up", "east");
    expect(all).to.contain("Deployment shop/identity was deleted: bringing it back");
    expect(all).to.contain("This is changed in cluster east");
    const { metadata } = await get(theirs(), "namespace", "default", "own");
    expect(metadata.labels).to.include({ "pod-security.kubernetes.io/enforce": "restricted" });
    expect(await list(theirs(), "networkpolicies", "own")).to.have.length.of.at.least(3);
    await grantRights([deployer]);
  });

  it("another fleet has namespaces of its own in the same cluster, and its down leaves this one alone", async () => {
    // Pods of the last roll-out may still be ending.
    const lasting = async () => (await cluster.objects()).filter((object) => !/^(Pod|ReplicaSet) /.test(object));
    const before = await lasting();
    second = await ThrowawayProject.create([]);
    const worker = {
      name: "identity",
      namespace: "second",
      image: pause,
      ports: [],
      probes: "none",
      replicas: 1,
      runAsUser: 65535,
    };
    const config = { "identity:cluster": theirs(), "identity:services": [worker] };
    await second.write("Pulumi.east.yaml", stringify({ config }));
    await second.succeed("up", "east");
    expect(await list(theirs(), "deployments", "second")).to.have.length(1);
    await second.setConfig("east", "services", [worker, { ...worker, namespace: "shop" }]);
    const { status, all } = await second.run("preview", "east");
    expect(status, all).to.equal(1);
    expect(all).to.contain("Deployment shop/identity").and.to.contain("by another checkout");
    await second.succeed("down", "east");
    expect(await lasting()).to.deep.equal(before);
  });

  it("a context that was moved to another cluster is refused by up, preview and down, which change nothing", async () => {
    const ours = parse(await readFile(project.kubeconfig, "utf8")) as { contexts: { name: string }[] };
    ours.contexts[0]!.name = cluster.target.context;
    const moved = join(cluster.folder, "moved.yaml");
    await writeFile(moved, stringify(ours));
    // As if the very file had been changed.
    const file = theirs().kubeconfig!;
    const text = await readFile(file, "utf8");
    await writeFile(file, await readFile(moved, "utf8"));
    try {
      for (const script of ["up", "preview", "down"]) {
        const force = script === "down" ? ["--force"] : [];
        expect(await refused(script, "east", ...force), script).to.contain(
          "leads to another cluster than stack east is on",
        );
      }
    } finally {
      await writeFile(file, text);
    }
    expect(await list(project.cluster("staging"), "deployments", "test-namespace")).to.have.length(2);
    expect(await list(theirs(), "deployments", "own")).to.have.length(1);
  });

  it("down removes all that was made, object by object, and nothing else", async () => {
    await project.succeed("down", "east", "--force");
    expect(await cluster.objects()).to.deep.equal(atFirst);
  });

  describeCiWorkflow(() => ({ cluster, kubeconfig: limited, atFirst }));
});

describe("a stack on a cluster that others made, whose pods have IPv6 addresses alone", function () {
  this.timeout(600_000);
  let cluster: ExistingCluster;
  let project: ThrowawayProject;
  let atFirst: string[];
  const outside = { name: "outside", cluster: "nowhere" };
  const container = throwawayName();
  const namespace = "own";

  before(async () => {
    await sweep();
    cluster = await ExistingCluster.create({ ipFamily: "ipv6", workers: 0 });
    project = await ThrowawayProject.create([]);
    const services = [
      { name: "identity", namespace, ingress: true, replicas: 1 },
      { name: "inner", namespace: "other", replicas: 1 },
    ];
    const { user, password } = registryUser;
    const config = {
      "identity:cluster": {
        ...cluster.target,
        ipFamily: "ipv6",
        registry: { host: cluster.registry, caCertificate: cluster.registryAuthority, user },
        ingress: { class: theirClass, caCertificate: cluster.caCertificate },
      },
      "identity:exposedUrl": cluster.url,
      "identity:services": services,
    };
    await project.write("Pulumi.east.yaml", stringify({ config }));
    await project.shell('eval "$(npm run -s env)" && pulumi stack init east --no-select');
    await setSecretOfEast(project, cluster.folder, "identity:cluster.registry.password", password);
    atFirst = await cluster.objects();
  });
  after(async () => {
    await removeCluster(container);
    await project.remove();
    await cluster.remove();
  });
  explainFailures(() => [cluster.target]);

  it("comes up and answers, and its services call one another by name", async () => {
    const { all } = await project.succeed("up", "east");
    expect(all).to.contain("This is identity in cluster east");
    const { stdout } = await project.succeed("call", "east", "http://inner.other/cluster");
    expect(stdout).to.contain("This is inner in cluster east");
    const { spec } = await get(cluster.target, "service", namespace, "identity");
    expect(spec.ipFamilies).to.deep.equal(["IPv6"]);
  });

  it("its links lead to an IPv6 address, straight and by a proxy", async () => {
    const image = await imageOf(cluster.target, namespace, "identity");
    const variables = Object.entries(outside).map(([name, value]) => `--env=${name.toUpperCase()}=${value}`);
    const identification = [`--name=${container}`, `--label=${clusterLabel}=${container}`, `--network=${nodeNetwork}`];
    await docker(["run", "--detach", ...identification, ...variables, image]);
    const url = `http://[${await addressOf(container, "GlobalIPv6Address")}]:5000`;
    await project.setPeers("east", [
      { alias: "address", namespace, url, expect: outside },
      { alias: "proxied", namespace, url, via: "proxy", expect: outside },
    ]);
    await project.succeed("up", "east");
    const { stdout } = await project.succeed("links", "--json", "--check");
    const answer = "This is outside in cluster nowhere";
    const links = (JSON.parse(stdout) as Record<string, unknown>[]).map(({ way, answer }) => ({ way, answer }));
    expect(links).to.deep.equal([
      { way: "endpoints", answer },
      { way: "proxy", answer },
    ]);
  });

  it("down removes all that was made, and nothing else", async () => {
    await project.succeed("down", "east");
    expect(await cluster.objects()).to.deep.equal(atFirst);
  });
});
