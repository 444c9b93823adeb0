import { ingressNamespace } from "../../config/cluster-config.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { partOf } from "../../infra/manifest/labels.ts";
import { contract } from "./contract.ts";
import { kubectl, selector } from "./kubectl.ts";

/** The namespaces of our workloads. */
const namespaces = new Set([...Object.values(contract).flatMap((stack) => stack.namespaces), ingressNamespace]);

/** What a person would look at first. */
const questions = [
  ["get", "pods", "--all-namespaces", "--output=wide"],
  ["get", "events", "--all-namespaces", "--sort-by=.lastTimestamp", "--field-selector=type!=Normal"],
  ...Array.from(namespaces, (namespace) => [
    "logs",
    `--namespace=${namespace}`,
    selector({ "app.kubernetes.io/part-of": partOf }),
    "--tail=5",
    "--prefix",
  ]),
];

/** Prints the clusters' pods, events and last lines of logs after each test that failed. */
export function explainFailures(clusters: () => KubectlTarget[]): void {
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    for (const cluster of clusters()) await printState(cluster);
  });
}

async function printState(cluster: KubectlTarget): Promise<void> {
  for (const args of questions) {
    const text = await kubectl(cluster, args).catch((error: unknown) => String(error));
    console.log(`--- ${cluster.context}: kubectl ${args.join(" ")}\n${text.split("\n").slice(-40).join("\n")}`);
  }
}
