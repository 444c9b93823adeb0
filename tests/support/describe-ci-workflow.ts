import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { CiRunner } from "./ci-runner.ts";
import { type ExistingCluster, registryUser, theirClass } from "./existing-cluster.ts";
import { list } from "./kubectl.ts";
import { S3Server } from "./s3-server.ts";
import { ThrowawayProject } from "./throwaway-project.ts";

/** What there is before a fleet is deployed from CI. */
interface Given {
  cluster: ExistingCluster;
  /** The path of the kubeconfig of who deploys. */
  kubeconfig: string;
  /** All objects of the cluster; see {@link ExistingCluster.objects}. */
  atFirst: string[];
}

const stack = "prod-eu";
const passphrase = "of the repository's secrets";

/** Deploys a fleet to a cluster that exists as the documented workflow does, with the state in a bucket. */
export function describeCiWorkflow(given: () => Given): void {
  describe("a fleet that CI deploys, with its state in a bucket", () => {
    let bucket: S3Server;
    let laptop: ThrowawayProject;
    /** What runs for a pull request, and for main. Neither knows of the other, nor of the laptop. */
    let pullRequest: CiRunner;
    let main: CiRunner;

    const stackFile = `Pulumi.${stack}.yaml`;
    const refused = async (job: "preview" | "up", changed: Record<string, string>) => {
      const { status, all } = await main.run(job, changed);
      expect(status, all).to.equal(1);
      expect(all).not.to.match(/\n {4}at /); // no stack trace
      return all;
    };

    before(async () => {
      const { cluster, kubeconfig } = given();
      bucket = await S3Server.start(join(cluster.folder, "s3"));
      laptop = await ThrowawayProject.create([]);
      const config = {
        "identity:cluster": {
          context: cluster.target.context,
          kubeconfig: "eu.yaml",
          registry: { host: cluster.registry, user: registryUser.user },
          ingress: { class: theirClass, caCertificate: cluster.caCertificate },
        },
        "identity:exposedUrl": cluster.url,
        "identity:services": [{ name: "identity", namespace: "shop", ingress: true, replicas: 1 }],
      };
      await laptop.write(stackFile, stringify({ config }));
      const secrets = {
        ...bucket.credentials,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        EU_KUBECONFIG: await readFile(kubeconfig, "utf8"),
      };
      const replaced = { PULUMI_BACKEND_URL: bucket.backendUrl() };
      const runner = async () => new CiRunner(await ThrowawayProject.create([]), secrets, replaced);
      pullRequest = await runner();
      main = await runner();
    });
    after(async () => {
      await bucket.stop();
      for (const { folder } of [laptop, pullRequest.project, main.project]) {
        await rm(folder, { recursive: true, force: true });
      }
    });

    it("a secret is encrypted once, on a laptop, with the passphrase that CI has, and is in the stack file then", async () => {
      const env = { ...bucket.credentials, PULUMI_CONFIG_PASSPHRASE: passphrase };
      // The project may name its backend for everybody, too.
      const project = await laptop.read("Pulumi.yaml");
      await laptop.write("Pulumi.yaml", `${project}backend:\n  url: ${bucket.backendUrl()}\n`);
      await laptop.shell(
        `eval "$(npm run -s env)"
        pulumi stack init ${stack} --no-select
        pulumi config set -s ${stack} --secret --path identity:cluster.registry.password ${registryUser.password}`,
        env,
      );
      const text = await laptop.read(stackFile);
      expect(text).to.contain("encryptionsalt: v1:").and.not.to.contain(registryUser.password);
      for (const { project: checkout } of [pullRequest, main]) await checkout.write(stackFile, text);
      expect(await bucket.objects()).to.include(`.pulumi/stacks/identity/${stack}.json`);
    });

    it("a pull request's preview is a text for a comment, and changes nothing", async () => {
      const { cluster } = given();
      const deployments = (await list(cluster.target, "deployments", "shop")).length;
      const { status, all } = await pullRequest.run("preview");
      expect(status, all).to.equal(0);
      const comment = await pullRequest.project.read("comment.md");
      expect(comment.split("\n").slice(0, 5)).to.deep.equal([
        `### Preview of ${stack}`,
        "",
        "    ",
        `    === ${stack} ===`,
        `    Previewing update (${stack}):`,
      ]);
      expect(comment).to.match(/\n\n\[The run\]\(https:\/\/github.com\/acme\/fleet\/actions\/runs\/1\)\n$/);
      expect(comment).to.contain(`context ${cluster.target.context} leads to https://127.0.0.1:`);
      expect(comment).to.match(/kubernetes:apps\/v1:Deployment .*create/);
      expect(comment).to.match(/\d+ to create/);
      // eslint-disable-next-line no-control-regex -- what colours a terminal
      expect(comment).not.to.match(/\u001b|\r/);
      expect(comment).not.to.contain(registryUser.password);
      expect(comment.length).to.be.lessThan(10_000);
      expect(await list(cluster.target, "deployments", "shop")).to.have.length(deployments);
    });

    it("main brings it up from another checkout, and the pull request's runner finds nothing left to change", async () => {
      const { status, all } = await main.run("up");
      expect(status, all).to.equal(0);
      expect(all).to.contain(given().cluster.url).and.to.contain(`This is identity in cluster ${stack}`);
      const preview = await pullRequest.run("preview");
      expect(preview.status, preview.all).to.equal(0);
      expect(preview.all)
        .to.match(/\d+ unchanged/)
        .and.not.to.match(/to (create|update|replace|delete)/);
      expect(await main.project.read(stackFile)).to.equal(await laptop.read(stackFile));
    });

    it("call, links and env work from a checkout that brought nothing up", async () => {
      const { all } = await pullRequest.project.shell(
        `npm run call -- ${stack} http://identity.shop/cluster
        npm run links -- --check
        eval "$(npm run -s env)"
        pulumi stack output exposedUrl -s ${stack}`,
        await pullRequest.variables(),
      );
      expect(all).to.contain(`This is identity in cluster ${stack}`).and.to.contain("No links");
      expect(all.trim().split("\n").at(-1)).to.equal(given().cluster.url);
    });

    it("a wrong passphrase, bucket or key is told, each with its remedy, and nothing is changed", async () => {
      const wrongPassphrase = await refused("up", { PULUMI_CONFIG_PASSPHRASE: "another one" });
      expect(wrongPassphrase).to.contain(`${stackFile}: identity:cluster.registry.password can't be decrypted`);
      const noBucket = await refused("preview", { PULUMI_BACKEND_URL: bucket.backendUrl("not-there") });
      expect(noBucket).to.contain(
        `The backend ${bucket.backendUrl("not-there")} can't be used: there is no such bucket`,
      );
      expect(await main.project.read("comment.md")).to.contain("there is no such bucket");
      const wrong = { ...(await main.variables()), PULUMI_CONFIG_PASSPHRASE: "another one" };
      const links = await main.project.shell("npm run links 2>&1 && exit 1 || true", wrong);
      expect(links.all)
        .to.contain("The passphrase is not the one")
        .and.not.to.match(/\n {4}at /);
      const wrongKey = await refused("up", { AWS_SECRET_ACCESS_KEY: "another one" });
      expect(wrongKey).to.contain("the credentials are refused");
    });

    it("an up beside another one is refused, with the command that releases a lock which was left behind", async () => {
      const lock = `.pulumi/locks/organization/identity/${stack}/1.json`;
      const content = { pid: 4711, username: "runner", hostname: "gone", timestamp: "2026-11-26T10:00:00Z" };
      await bucket.put(lock, JSON.stringify(content));
      const all = await refused("up", {});
      expect(all).to.contain("The stack is locked by process 4711 of runner on gone");
      const [, release] = /release the lock: \((.*)\)/.exec(all) ?? [];
      await main.project.shell(release!, await main.variables());
      expect(await bucket.objects()).not.to.include(lock);
    });

    it("down, from the laptop, leaves nothing of it", async () => {
      const { cluster, kubeconfig, atFirst } = given();
      await laptop.write("eu.yaml", await readFile(kubeconfig, "utf8"));
      const env = { ...bucket.credentials, PULUMI_CONFIG_PASSPHRASE: passphrase };
      await laptop.shell(`npm run down -- ${stack}`, env);
      expect(await cluster.objects()).to.deep.equal(atFirst);
      const left = await bucket.objects();
      expect(left.filter((path) => /locks|history|\/stacks\/.*\.json$/.test(path))).to.deep.equal([]);
    });
  });
}
