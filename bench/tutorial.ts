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
const nodePort = 30_500;

/** The identity service as a tutorial deploys it: two pods behind a node's port, with an image that the node was given. */
export class Tutorial {
  private readonly project: ThrowawayProject;

  constructor(project: ThrowawayProject) {
    this.project = project;
  }

  /** Deploys it to a stack's cluster, and waits until it is there. */
  async deploy(stack: string): Promise<void> {
    await this.loadImage(stack);
    const labels = { app: "tutorial" };
    const readinessProbe = { httpGet: { path: "/readyz", port: 5000 }, periodSeconds: 1 };
    const pod = { containers: [{ name: "service", image, imagePullPolicy: "IfNotPresent", readinessProbe }] };
    const items = [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "tutorial", namespace },
        spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "tutorial", namespace },
        spec: { type: "NodePort", selector: labels, ports: [{ port: 80, targetPort: 5000, nodePort }] },
      },
    ];
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    await kubectl(this.project.cluster(stack), ["apply", "--filename=-"], { input });
    const ready = ["--for=condition=Available", "--timeout=100s"];
    const target = ["--namespace", namespace, "deployment/tutorial"];
    await kubectl(this.project.cluster(stack), ["wait", ...target, ...ready], { deadlineSeconds: 110 });
  }

  /** Brings the source as it is now to a stack's cluster, and does not wait for it. */
  async update(stack: string): Promise<void> {
    await this.loadImage(stack);
    const all = ["delete", "pods", "--namespace", namespace, "--all", "--wait=false"];
    await kubectl(this.project.cluster(stack), all);
  }

  /** Where it answers. */
  async url(stack: string): Promise<string> {
    return `http://${await addressOf(this.project.node(stack))}:${nodePort}`;
  }

  /** Has the engine forget its image. */
  async remove(): Promise<void> {
    await docker(["image", "rm", "--force", image]).catch(() => undefined);
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

/** Waits for the first of ten answers in a row that all have a text, so that no pod has another one. */
export async function answers(url: string, text: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (let streak = 0; streak < 10;) {
    if (Date.now() > deadline) throw new Error(`${url} does not answer ${text}`);
    const answer = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(5000) })
      .then((response) => response.text())
      .catch(() => undefined);
    streak = answer === text ? streak + 1 : 0;
    if (streak === 0) await sleep(10);
  }
}
