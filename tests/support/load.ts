import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { ensureTestTools, reportTo } from "../../toolchain/ensure.ts";
import { type Cluster, environmentOf, kubectl } from "./kubectl.ts";

/** One constant stream of requests. */
export interface Stream {
  url: string;
  /** Requests per second, whatever becomes of the earlier ones; 0: as many as the workers manage. */
  rate: number;
  /** Whether connections are used again. */
  keepAlive: boolean;
  /** Requests that may be under way at once. @default as many as the rate takes */
  workers?: number;
  /** @default until it is stopped */
  seconds?: number;
}

/** What became of a stream, in vegeta's words; latencies are in nanoseconds. */
export interface Report {
  requests: number;
  rate: number;
  throughput: number;
  latencies: { mean: number; "50th": number; "99th": number; max: number };
  /** By status; `0` stands for no answer. */
  status_codes: Record<string, number>;
  errors: string[] | null;
}

/** Requests of a report that got anything but 200. */
export const failedOf = ({ requests, status_codes: codes }: Report): number => requests - (codes["200"] ?? 0);

const namespace = "load";
const pod = "generator";
const attackScript = await readFile(join(import.meta.dirname, "in-pod", "attack.cjs"), "utf8");

/** A pod of a namespace of its own, from which a cluster is put under load. */
export class LoadGenerator {
  readonly cluster: Cluster;

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** @param image holds Node; a node of the cluster has it */
  static async start(cluster: Cluster, image: string): Promise<LoadGenerator> {
    const { vegeta } = await ensureTestTools(["vegeta"], { report: reportTo(process.stderr) });
    const manifest = {
      apiVersion: "v1",
      kind: "List",
      items: [
        { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
        {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: pod, namespace },
          spec: {
            terminationGracePeriodSeconds: 0,
            containers: [
              {
                name: pod,
                image,
                command: ["/nodejs/bin/node", "-e", "process.stdin.resume()"],
                stdin: true,
                volumeMounts: ["tmp", "tools"].map((name) => ({ name, mountPath: `/${name}` })),
              },
            ],
            volumes: ["tmp", "tools"].map((name) => ({ name, emptyDir: {} })),
            securityContext: { runAsUser: 65532, fsGroup: 65532 },
          },
        },
      ],
    };
    await execa("kubectl", ["--context", cluster.context, "apply", "--filename=-"], {
      env: environmentOf(cluster),
      input: JSON.stringify(manifest),
      timeout: 60_000,
    });
    await kubectl(cluster, "wait", "--namespace", namespace, `pod/${pod}`, "--for=condition=Ready", "--timeout=50s");
    const generator = new LoadGenerator(cluster);
    await generator.node(
      ["-e", 'process.stdin.pipe(require("node:fs").createWriteStream("/tools/vegeta", { mode: 0o755 }))'],
      { inputFile: vegeta },
    );
    return generator;
  }

  /**
   * Starts streams, all at once, and waits until every one is under way.
   *
   * @returns `reports` of those that end by themselves, one each; `stop` ends the others, and gives theirs
   */
  async attack(streams: readonly Stream[]): Promise<{ stop: () => Promise<Report[]>; reports: Promise<Report[]> }> {
    const running = this.node(["-e", attackScript, JSON.stringify(streams)], { stdin: "pipe" });
    const reports = running.then(({ stdout }) => JSON.parse(stdout.split("\n").at(-1) ?? "") as Report[]);
    reports.catch(() => undefined); // whoever asks for them hears of it
    await Promise.race([once(running.stdout, "data"), running]);
    return { reports, stop: () => (running.stdin.end(), reports) };
  }

  /** Runs the pod's Node. */
  node(args: readonly string[], options: { inputFile?: string; input?: string; stdin?: "pipe" }) {
    const command = [
      "--context",
      this.cluster.context,
      "exec",
      "--stdin",
      "--namespace",
      namespace,
      pod,
      "--",
      "/nodejs/bin/node",
      ...args,
    ];
    return execa("kubectl", command, { env: environmentOf(this.cluster), timeout: 570_000, ...options });
  }
}
