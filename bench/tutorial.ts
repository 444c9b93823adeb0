import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../host/command.ts";
import { docker } from "../host/docker.ts";
import { kind } from "../host/kind.ts";
import { kubectl } from "../host/kubectl.ts";
import { addressOf } from "../tests/support/container-address.ts";
import type { ThrowawayProject } from "../tests/support/throwaway-project.ts";
import { images } from "../versions.ts";

/** How a tutorial brings an edit to a cluster. */
export const tutorialWay = "docker build, kind load, delete pods";

const namespace = "tutorial";
const image = "tutorial:dev";
const firstNodePort = 30_500;

/**
 * The services of a stack as a tutorial deploys them: as many as its file has, each of two pods behind a node's port,
 * with an image that the node was given.
 */
export class Tutorial {
  private readonly project: ThrowawayProject;

  constructor(project: ThrowawayProject) {
    this.project = project;
  }

  /** Deploys it to a stack's cluster, and waits until it is there. */
  async deploy(stack: string): Promise<void> {
    await this.loadImage(stack);
    const services = (await this.servicesOf(stack)).flatMap((name, index) => manifestsOf(name, firstNodePort + index));
    const items = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, ...services];
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    await kubectl(this.project.cluster(stack), ["apply", "--filename=-"], { input });
    const ready = ["--for=condition=Available", "--timeout=100s"];
    const target = ["--namespace", namespace, "deployments", "--all"];
    await kubectl(this.project.cluster(stack), ["wait", ...target, ...ready], { deadlineSeconds: 110 });
  }

  /** Brings the source as it is now to a stack's cluster, and does not wait for it. */
  async update(stack: string): Promise<void> {
    await this.loadImage(stack);
    const all = ["delete", "pods", "--namespace", namespace, "--all", "--wait=false"];
    await kubectl(this.project.cluster(stack), all);
  }

  /** Where its services answer. */
  async urls(stack: string): Promise<string[]> {
    const address = await addressOf(this.project.node(stack));
    return (await this.servicesOf(stack)).map((_name, index) => `http://${address}:${firstNodePort + index}`);
  }

  /** Has the engine forget its image. */
  async remove(): Promise<void> {
    await docker(["image", "rm", "--force", image]).catch(() => undefined);
  }

  private async servicesOf(stack: string): Promise<string[]> {
    const { config } = await this.project.readStackFile(stack);
    return (config["identity:services"] as { name: string }[]).map(({ name }) => name);
  }

  private async loadImage(stack: string): Promise<void> {
    const bundle = 'import("./service/build.ts").then(({ bundleService }) => bundleService())';
    await run(process.execPath, ["--eval", bundle], { cwd: this.project.folder });
    const context = join(this.project.folder, "service", "dist");
    // The label makes it another image than the stack's: kind would load only the name of one that the node has.
    await docker([
      "build",
      "--tag",
      image,
      "--label",
      "way=tutorial",
      "--build-arg",
      `BASE=${images.serviceBase}`,
      context,
    ]);
    await kind(["load", "docker-image", image, "--name", this.project.clusterName(stack)], { deadlineSeconds: 120 });
  }
}

/** A Deployment of two pods, and what leads to them at a port of the node. */
function manifestsOf(name: string, nodePort: number): object[] {
  const labels = { app: name };
  const metadata = { name, namespace };
  const readinessProbe = { httpGet: { path: "/readyz", port: 5000 }, periodSeconds: 1 };
  const pod = { containers: [{ name: "service", image, imagePullPolicy: "IfNotPresent", readinessProbe }] };
  const template = { metadata: { labels }, spec: pod };
  const ports = [{ port: 80, targetPort: 5000, nodePort }];
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    },
    { apiVersion: "v1", kind: "Service", metadata, spec: { type: "NodePort", selector: labels, ports } },
  ];
}

/** Waits for the first of ten answers in a row that all have a text, so that no pod has another one. */
export async function answers(url: string, text: string): Promise<void> {
  const began = Date.now();
  for (let streak = 0; streak < 10;) {
    if (Date.now() - began > 120_000) throw new Error(`${url} does not answer ${text}`);
    const answer = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(5000) })
      .then((response) => response.text())
      .catch(() => undefined);
    streak = answer === text ? streak + 1 : 0;
    // Seldom enough to take nothing from what is timed, and often enough to be right to a fiftieth.
    if (streak === 0) await sleep(Math.max(10, (Date.now() - began) / 50));
  }
}
