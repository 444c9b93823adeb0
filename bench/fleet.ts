/**
 * Times the commands on a fleet of two clusters that are made for this run, with all tools already installed. Also
 * compares, in turn, how long `up` takes after a change of one of many services and of an only one, and how long a
 * stack's cluster and bare `kind create cluster` take.
 *
 *   npm run bench:fleet [-- --rounds 3 --only commands|services|clusters]
 */
import { join } from "node:path";
import Table from "cli-table3";
import { Command, Option } from "commander";
import { stringify } from "yaml";
import { prepare } from "../fleet/setup/prepare.ts";
import { kind } from "../host/kind.ts";
import { inTemporaryFolder } from "../host/temporary-folder.ts";
import { waitFor } from "../host/wait.ts";
import { kubeletPatch } from "../infra/kind/cluster-spec.ts";
import { deleteCluster, ensureCluster } from "../infra/kind/lifecycle.ts";
import { setVariable } from "../tests/support/environment-variable.ts";
import { freePort } from "../tests/support/free-port.ts";
import { testOwner } from "../tests/support/test-owner.ts";
import { removeCluster, sweep, throwawayName } from "../tests/support/throwaway-clusters.ts";
import { ThrowawayProject } from "../tests/support/throwaway-project.ts";
import { images } from "../versions.ts";
import { median } from "./median.ts";
import { parsePositiveInteger } from "./positive-integer.ts";

const parts = ["commands", "services", "clusters"] as const;

const { rounds, only } = new Command("npm run bench:fleet --")
  .option("--rounds <count>", "how often everything is done", parsePositiveInteger, 3)
  .addOption(new Option("--only <part>", "what is timed (default: all)").choices(parts))
  .parse()
  .opts<{ rounds: number; only?: (typeof parts)[number] }>();

const isWanted = (part: (typeof parts)[number]): boolean => only === undefined || only === part;

/** Seconds that each round took, by what was done. */
const times = new Map<string, number[]>();

async function timeCommands(round: number): Promise<void> {
  const project = await ThrowawayProject.create(["staging", "development"]);
  const greeting = `hello from round ${round}`;
  try {
    await timed("up, from nothing", () => project.succeed("up"));
    await timed("up, nothing changed", () => project.succeed("up"));
    await project.edit("service/src/handlers/greeting.ts", "hello", greeting);
    await timed("up, another text, to its answers", async () => {
      await project.succeed("up");
      await waitFor("the new text", 60, () => expectGreeting(project, greeting));
    });
    await timed("down", () => project.succeed("down"));
  } finally {
    await project.remove();
  }
}

/** @throws Error if a cluster answers another text */
async function expectGreeting(project: ThrowawayProject, greeting: string): Promise<void> {
  for (const stack of project.clusters.keys()) {
    const response = await fetch(project.endpoint(stack), { signal: AbortSignal.timeout(5000) });
    const answer = await response.text();
    if (answer !== greeting) throw new Error(`${stack} still answers ${answer}`);
  }
}

/** A service of one's own: an answer of a few bytes, on the image that the engine has for every stack. */
const server = (text: string) => `require("node:http").createServer((request, response) => {
  response.end(${JSON.stringify(text)});
}).listen(process.env.PORT);
`;

/** How many services there are, and of how many distinct builds, in the stack with many and in the one with few. */
const shapes = { "one of 16 services": { services: 16, builds: 4 }, "the only service": { services: 1, builds: 1 } };

/** One cluster with 16 services of 4 distinct builds, another one with a single service: each `up` changes one. */
async function timeServices(): Promise<void> {
  const project = await ThrowawayProject.create([]);
  const stackOf = (what: string) => what.replaceAll(" ", "-");
  try {
    for (const [what, { services, builds }] of Object.entries(shapes)) {
      for (let build = 0; build < builds; build++) {
        const folder = `bench-services/${stackOf(what)}-${build}`;
        await project.write(
          `${folder}/Dockerfile`,
          `FROM ${images.serviceBase}\nCOPY server.cjs /\nCMD ["/server.cjs"]\n`,
        );
        await project.write(`${folder}/server.cjs`, server("0"));
      }
      const list = Array.from({ length: services }, (_, index) => ({
        name: `service${index}`,
        build: `bench-services/${stackOf(what)}-${index % builds}`,
        port: 8080,
        replicas: 1,
        ingress: index === 0,
      }));
      const config = { "identity:defaults": { namespace: "bench" }, "identity:services": list };
      await project.addStack(stackOf(what), { config });
    }
    await project.succeed("up");
    for (let round = 1; round <= rounds; round++) {
      for (const what of Object.keys(shapes)) {
        const stack = stackOf(what);
        await timed(`up, ${what} unchanged`, () => project.succeed("up", stack));
        const { config } = await project.readStackFile(stack);
        const [first, ...others] = config["identity:services"] as object[];
        await project.setConfig(stack, "services", [{ ...first, env: { ROUND: round } }, ...others]);
        await timed(`up, ${what} with another variable`, () => expectUpdates(project, stack, 1));
        // The build is shared by every fourth service.
        await project.write(`bench-services/${stack}-0/server.cjs`, server(String(round)));
        await timed(`up, ${what} with another image`, () => project.succeed("up", stack));
      }
    }
  } finally {
    await project.remove();
  }
}

/** Brings a stack up. @throws Error if not so many resources were updated, or others created, replaced or deleted */
async function expectUpdates(project: ThrowawayProject, stack: string, count: number): Promise<void> {
  const { all } = await project.succeed("up", stack);
  const found = [...all.matchAll(/^\s+[-+~]+ ?(\d+) (\w+)/gm)].map(([, number, done]) => `${number} ${done}`);
  if (found.join() !== `${count} updated`) throw new Error(`up of ${stack}: ${found.join()}\n${all}`);
}

/** Nothing but what lets the nodes' Kubernetes run on a machine with cgroup v1, too. */
const bareKindConfig = {
  kind: "Cluster",
  apiVersion: "kind.x-k8s.io/v1alpha4",
  kubeadmConfigPatches: [kubeletPatch(images.node)],
};

async function timeClusters(folder: string): Promise<void> {
  const restore = setVariable("KUBECONFIG", join(folder, "kubeconfig"));
  const bare = throwawayName();
  const ours = throwawayName();
  try {
    await timed("bare kind create cluster", () =>
      kind(["create", "cluster", "--name", bare, "--config", "-"], {
        input: stringify({ ...bareKindConfig, nodes: [{ role: "control-plane", image: images.node }] }),
        deadlineSeconds: 300,
      }),
    );
    await removeCluster(bare);
    const spec = { name: ours, image: images.node, httpPort: await freePort(), workers: 0 };
    await timed("a cluster of a stack", () =>
      ensureCluster(spec, { host: "localhost:1", endpoint: "http://none:5000" }, testOwner("bench")),
    );
    await deleteCluster(ours);
  } finally {
    for (const name of [bare, ours]) await removeCluster(name);
    restore();
  }
}

/** Does some work, and notes how many seconds it took. */
async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  times.set(what, [...(times.get(what) ?? []), seconds]);
  console.error(`${what}: ${seconds.toFixed(1)} s`);
}

function timesTable(): string {
  const table = new Table({ head: ["", "median s", "least", "most"], style: { head: [], border: [] } });
  for (const [what, seconds] of times) {
    const figures = [median(seconds), Math.min(...seconds), Math.max(...seconds)];
    table.push([what, ...figures.map((figure) => figure.toFixed(1))]);
  }
  return table.toString();
}

await prepare("clusters");
await sweep();
if (isWanted("services")) await timeServices();
for (let round = 0; round < rounds; round++) {
  if (isWanted("commands")) await timeCommands(round);
  if (isWanted("clusters")) await inTemporaryFolder("bench-fleet-", timeClusters);
}
console.log(`${rounds} rounds\n${timesTable()}`);
