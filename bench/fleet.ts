/**
 * Times the commands on fleets that are made for this run, with all tools already installed:
 *
 * - `commands`: two clusters, in turn with bare `kind create cluster` and the way of a tutorial;
 * - `services`: `up` after a change of one of many services, in turn with one of an only service;
 * - `growth`: how the commands grow with the number of services, and of clusters;
 * - `contexts`: how they grow with the number of stacks on clusters that exist;
 * - `clusters`: a stack's cluster, in turn with bare `kind create cluster`.
 *
 *   npm run bench:fleet [-- --rounds 5 --only commands|services|growth|contexts|clusters --json bench-fleet.json --svg growth.svg]
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import Table from "cli-table3";
import { Command, Option } from "commander";
import { stringify } from "yaml";
import { prepare } from "../fleet/setup/prepare.ts";
import { run } from "../host/command.ts";
import { kind } from "../host/kind.ts";
import { inTemporaryFolder } from "../host/temporary-folder.ts";
import { kubectl } from "../host/kubectl.ts";
import { kubeletPatch } from "../infra/kind/cluster-spec.ts";
import { deleteCluster, ensureCluster } from "../infra/kind/lifecycle.ts";
import { setVariable } from "../tests/support/environment-variable.ts";
import { freePort } from "../tests/support/free-port.ts";
import { testOwner } from "../tests/support/test-owner.ts";
import { removeCluster, sweep, throwawayName } from "../tests/support/throwaway-clusters.ts";
import { ThrowawayProject } from "../tests/support/throwaway-project.ts";
import { images, versions } from "../versions.ts";
import { type GrowthPlot, growthSvg } from "./growth-plot.ts";
import { median, medianRatio } from "./median.ts";
import { parsePositiveInteger } from "./positive-integer.ts";
import { answers, Tutorial } from "./tutorial.ts";

const parts = ["commands", "services", "growth", "contexts", "clusters"] as const;

const { rounds, only, json, svg } = new Command("npm run bench:fleet --")
  .option("--rounds <count>", "how often everything is done", parsePositiveInteger, 5)
  .addOption(new Option("--only <part>", "what is timed (default: all)").choices(parts))
  .option("--json <file>", "where the figures are kept", "bench-fleet.json")
  .option("--svg <file>", "where the growth is drawn (default: nowhere)")
  .parse()
  .opts<{ rounds: number; json: string; svg?: string; only?: (typeof parts)[number] }>();

const isWanted = (part: (typeof parts)[number]): boolean => only === undefined || only === part;

/** Seconds that each round took, by what was done. */
const times = new Map<string, number[]>();

/** What the other ways are compared with, by what is compared. */
const references = new Map([
  ["up, one of 16 services with another variable", "up, the only service with another variable"],
  ["up, one of 16 services with another image", "up, the only service with another image"],
  ["up, two clusters from nothing", "two bare kind create cluster, one after the other"],
  ["an edit, up, all is proved", "an edit, the tutorial's way, both clusters answer"],
  ["an edit, up, both clusters answer", "an edit, the tutorial's way, both clusters answer"],
]);

/** The two stacks, in the order in which the tutorial's way is done on them. */
const stacks = ["staging", "development"];

async function timeCommands(round: number): Promise<void> {
  const project = await ThrowawayProject.create(stacks);
  const tutorial = new Tutorial(project);
  try {
    await timed("up, two clusters from nothing", () => project.succeed("up"));
    await timed("two bare kind create cluster, one after the other", () => inTemporaryFolder("bench-", makeTwoBare));
    await timed("up, nothing changed", () => project.succeed("up"));
    await kubectl(project.cluster("staging"), ["delete", "deployment", "identity", "--namespace", "test-namespace"]);
    await timed("up, a Deployment deleted by hand", () => project.succeed("up"));
    const text = `hello ${round}`;
    await edit(project, text);
    await Promise.all([
      timed("an edit, up, all is proved", () => project.succeed("up")),
      timed("an edit, up, both clusters answer", () =>
        Promise.all(stacks.map((stack) => answers(project.endpoint(stack), text))),
      ),
    ]);
    for (const stack of stacks) await tutorial.deploy(stack);
    const other = `hello again ${round}`;
    await edit(project, other);
    await timed("an edit, the tutorial's way, both clusters answer", async () => {
      for (const stack of stacks) await tutorial.update(stack);
      const urls = await Promise.all(stacks.map((stack) => tutorial.urls(stack)));
      await Promise.all(urls.flat().map((url) => answers(url, other)));
    });
    await timed("down", () => project.succeed("down"));
  } finally {
    await tutorial.remove();
    await project.remove();
  }
}

/** Edits the service's text. */
async function edit(project: ThrowawayProject, text: string): Promise<void> {
  const before = await project.read(greetingFile);
  await project.write(greetingFile, before.replace(/"hello[^"]*"/, JSON.stringify(text)));
}

const greetingFile = "service/src/handlers/greeting.ts";

async function makeTwoBare(folder: string): Promise<void> {
  const restore = setVariable("KUBECONFIG", join(folder, "kubeconfig"));
  const names = [throwawayName(), throwawayName()];
  try {
    for (const name of names) await createBare(name);
  } finally {
    for (const name of names) await removeCluster(name);
    restore();
  }
}

/** How often each size of a fleet is timed. */
const growthRounds = 3;

/** How the commands grow with the number of services on one cluster. */
async function timeGrowthOfServices(): Promise<void> {
  const project = await ThrowawayProject.create([]);
  await project.addStack("one", { config: {} });
  const service = (index: number) => ({
    name: `service${index}`,
    namespace: "bench",
    replicas: 1,
    ingress: index === 0,
  });
  try {
    for (const count of [1, 4, 16, 64]) {
      await project.setConfig(
        "one",
        "services",
        Array.from({ length: count }, (_, index) => service(index)),
      );
      await grown("services", "up, that many more", count, () => project.succeed("up"));
      for (let round = 0; round < growthRounds; round++) {
        await grown("services", "up, nothing changed", count, () => project.succeed("up"));
        await grown("services", "up --full, nothing changed", count, () => project.succeed("up", "--full"));
        await grown("services", "preview", count, () => project.succeed("preview"));
      }
    }
  } finally {
    await project.remove();
  }
}

/** How the commands grow with the number of clusters. */
async function timeGrowthOfClusters(): Promise<void> {
  for (const count of [1, 2, 4]) {
    const names = Array.from({ length: count }, (_, index) => `stack${index}`);
    const project = await ThrowawayProject.create([]);
    try {
      for (const [index, name] of names.entries()) {
        const next = names[(index + 1) % count];
        const peers = next === name ? [] : [{ alias: "next", namespace: "bench", stack: next }];
        const services = [{ name: "identity", namespace: "bench", replicas: 1, ingress: true }];
        await project.addStack(name, { config: { "identity:services": services, "identity:peers": peers } });
      }
      await grown("clusters", "up, from nothing", count, () => project.succeed("up"));
      for (let round = 0; round < growthRounds; round++) {
        await grown("clusters", "up, nothing changed", count, () => project.succeed("up"));
        await grown("clusters", "links", count, () => project.succeed("links"));
        await grown("clusters", "preview", count, () => project.succeed("preview"));
      }
    } finally {
      await project.remove();
    }
  }
}

/** How the commands grow with the number of stacks on clusters that exist: contexts that all lead to one cluster. */
async function timeGrowthOfContexts(folder: string): Promise<void> {
  const name = throwawayName();
  const kubeconfig = join(folder, "kubeconfig");
  const restore = setVariable("KUBECONFIG", kubeconfig);
  try {
    await createBare(name);
    for (const count of [1, 2, 5, 10]) {
      const project = await ThrowawayProject.create([]);
      try {
        for (let index = 0; index < count; index++) {
          const context = `context${index}`;
          await run("kubectl", ["config", "set-context", context, `--cluster=kind-${name}`, `--user=kind-${name}`]);
          const services = [{ ...idleService, namespace: `bench${index}` }];
          const config = { "identity:cluster": { context, kubeconfig }, "identity:services": services };
          await project.write(`Pulumi.stack${index}.yaml`, stringify({ config }));
        }
        await grown("existing clusters", "preview, of what is not up", count, () => project.succeed("preview"));
        await grown("existing clusters", "up, of what is not up", count, () => project.succeed("up"));
        for (let round = 0; round < growthRounds; round++) {
          await grown("existing clusters", "preview", count, () => project.succeed("preview"));
          await grown("existing clusters", "up, nothing changed", count, () => project.succeed("up"));
        }
        await project.succeed("down", "--force");
      } finally {
        await project.remove();
      }
    }
  } finally {
    await removeCluster(name);
    restore();
  }
}

/** A service that every node has the image of. */
const idleService = {
  name: "idle",
  image: `registry.k8s.io/pause:${versions.pause}`,
  ports: [],
  probes: "none",
  replicas: 1,
  runAsUser: 65535,
};

/** Seconds by the number of services or clusters, by what was done. */
const growth = new Map<string, Map<number, number[]>>();

async function grown(of: string, what: string, count: number, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  const key = `${of}: ${what}`;
  const bySize = growth.get(key) ?? new Map<number, number[]>();
  bySize.set(count, [...(bySize.get(count) ?? []), seconds]);
  growth.set(key, bySize);
  console.error(`${key}, ${count}: ${seconds.toFixed(1)} s`);
}

/** The medians, as they are drawn: one plot for services, and one for clusters. */
function growthPlots(): GrowthPlot[] {
  const all = [...growth].map(([key, bySize]) => {
    const [of = "", label = ""] = key.split(": ");
    return { of, label, points: [...bySize].map(([size, seconds]) => [size, median(seconds)] as const) };
  });
  return [...new Set(all.map(({ of }) => of))].map((of) => ({ of, series: all.filter((series) => series.of === of) }));
}

/** The medians for each size, and the exponent of the growth between the smallest and the largest. */
function growthTable(): string {
  const table = new Table({ head: ["median s of", "by number", "exponent"], style: { head: [], border: [] } });
  for (const [what, bySize] of growth) {
    const medians = [...bySize].map(([size, seconds]) => [size, median(seconds)] as const);
    const shown = medians.map(([size, seconds]) => `${size}: ${seconds.toFixed(1)}`).join("  ");
    const [[least = NaN, fast = NaN] = [], [most = NaN, slow = NaN] = []] = [medians.at(0), medians.at(-1)];
    table.push([what, shown, (Math.log(slow / fast) / Math.log(most / least)).toFixed(2)]);
  }
  return table.toString();
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

const createBare = (name: string) =>
  kind(["create", "cluster", "--name", name, "--config", "-"], {
    input: stringify({ ...bareKindConfig, nodes: [{ role: "control-plane", image: images.node }] }),
    deadlineSeconds: 300,
  });

async function timeClusters(folder: string): Promise<void> {
  const restore = setVariable("KUBECONFIG", join(folder, "kubeconfig"));
  const bare = throwawayName();
  const ours = throwawayName();
  try {
    await timed("bare kind create cluster", () => createBare(bare));
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
  const head = ["", "median s", "least", "most", "ratio"];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const [what, seconds] of times) {
    const figures = [median(seconds), Math.min(...seconds), Math.max(...seconds)];
    const reference = times.get(references.get(what) ?? "");
    const ratio = reference === undefined ? "" : medianRatio(seconds, reference).toFixed(2);
    table.push([what, ...figures.map((figure) => figure.toFixed(1)), ratio]);
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
if (isWanted("growth")) {
  await timeGrowthOfServices();
  await timeGrowthOfClusters();
}
if (isWanted("contexts")) await inTemporaryFolder("bench-contexts-", timeGrowthOfContexts);
if (times.size > 0) console.log(`${rounds} rounds\n${timesTable()}`);
if (growth.size > 0) console.log(growthTable());
if (svg !== undefined && growth.size > 0) await writeFile(svg, growthSvg(growthPlots()));
const sizes = [...growth].map(([what, bySize]) => [what, Object.fromEntries(bySize)] as const);
const figures = { rounds, seconds: Object.fromEntries(times), growth: Object.fromEntries(sizes) };
await writeFile(json, `${JSON.stringify(figures, undefined, 2)}\n`);
