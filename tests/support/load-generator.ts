import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { nodeInImage } from "../../fleet/proof/call-from-pod.ts";
import type { RunOptions } from "../../host/command.ts";
import { kubectl, type KubectlTarget } from "../../host/kubectl.ts";
import { ensureTestTools, reportTo } from "../../toolchain/index.ts";

/** One constant stream of requests. */
export interface Stream {
  url: string;
  /** Requests per second, sent whether or not the earlier ones are answered. 0: as many as the workers manage. */
  rate: number;
  /** Whether connections are reused. */
  keepAlive: boolean;
  /** Requests that may be under way at once. @default as many as the rate needs */
  workers?: number;
  /** @default until it is stopped */
  seconds?: number;
}

/** The result of a stream: vegeta's report. Latencies are in nanoseconds. */
export interface Report {
  requests: number;
  rate: number;
  throughput: number;
  latencies: { mean: number; "50th": number; "99th": number; max: number };
  /** By status; `0` stands for no answer. */
  status_codes: Record<string, number>;
  errors: string[] | null;
}

/** Requests of a report that got no answer, or one other than 200. */
export const failedOf = ({ requests, status_codes: codes }: Report): number => requests - (codes["200"] ?? 0);

const namespace = "load";
const pod = "generator";

/** The longest that a stream or a script may run in the pod. */
const deadlineSeconds = 570;

const attackScript = await readFile(join(import.meta.dirname, "in-pod", "attack.cjs"), "utf8");

/** A pod, in a namespace of its own, that puts its cluster under load. */
export class LoadGenerator {
  readonly cluster: KubectlTarget;

  private constructor(cluster: KubectlTarget) {
    this.cluster = cluster;
  }

  /** @param image an image with Node, which the cluster's nodes have or can pull */
  static async start(cluster: KubectlTarget, image: string): Promise<LoadGenerator> {
    const { vegeta } = await ensureTestTools(["vegeta"], { report: reportTo(process.stderr) });
    await kubectl(cluster, ["apply", "--filename=-"], { input: JSON.stringify(manifestOf(image)) });
    const ready = ["--for=condition=Ready", "--timeout=50s"];
    await kubectl(cluster, ["wait", "--namespace", namespace, `pod/${pod}`, ...ready]);
    const generator = new LoadGenerator(cluster);
    const receive = 'process.stdin.pipe(require("node:fs").createWriteStream("/tools/vegeta", { mode: 0o755 }))';
    await generator.runNode(["-e", receive], { inputFile: vegeta });
    return generator;
  }

  /**
   * Starts streams, all at once, and waits until every one is under way.
   *
   * @returns `reports`: one for each stream, once all have ended. `stop` ends the streams that don't end by themselves,
   *   and returns the reports.
   */
  async attack(streams: readonly Stream[]): Promise<{ stop: () => Promise<Report[]>; reports: Promise<Report[]> }> {
    const { context, kubeconfig } = this.cluster;
    const args = ["--context", context, ...command(["-e", attackScript, JSON.stringify(streams)])];
    const running = execa("kubectl", args, {
      env: kubeconfig === undefined ? undefined : { KUBECONFIG: kubeconfig },
      timeout: deadlineSeconds * 1000,
    });
    const reports = running.then(({ stdout }) => JSON.parse(stdout.split("\n").at(-1) ?? "") as Report[]);
    reports.catch(() => undefined); // whoever awaits the reports gets the error
    await Promise.race([once(running.stdout, "data"), running]);
    return { reports, stop: () => (running.stdin.end(), reports) };
  }

  /** Runs the pod's Node, and returns what it printed. @throws CommandError */
  runNode(args: readonly string[], input: Pick<RunOptions, "input" | "inputFile">): Promise<string> {
    return kubectl(this.cluster, command(args), { deadlineSeconds, ...input });
  }
}

/** kubectl's arguments that run the pod's Node. */
const command = (args: readonly string[]): string[] => {
  const container = ["--namespace", namespace, pod, "--", nodeInImage];
  return ["exec", "--stdin", ...container, ...args];
};

/** The pod, which waits to be used, and its namespace. */
function manifestOf(image: string): object {
  const folders = ["tmp", "tools"];
  const container = {
    name: pod,
    image,
    command: [nodeInImage, "-e", "process.stdin.resume()"],
    stdin: true,
    volumeMounts: folders.map((name) => ({ name, mountPath: `/${name}` })),
  };
  const spec = {
    terminationGracePeriodSeconds: 0,
    containers: [container],
    volumes: folders.map((name) => ({ name, emptyDir: {} })),
    securityContext: { runAsUser: 65532, fsGroup: 65532 },
  };
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      { apiVersion: "v1", kind: "Pod", metadata: { name: pod, namespace }, spec },
    ],
  };
}
