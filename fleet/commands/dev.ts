import { readStacks } from "../../config/read-stacks.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { upCommand } from "../../config/wording.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { freeAfterMilliseconds, NamedLock } from "../../host/named-lock.ts";
import { waitFor } from "../../host/wait.ts";
import { pushProblem, registryHostOf } from "../../infra/cluster-access.ts";
import { DevCluster } from "../dev/dev-cluster.ts";
import { DevSession } from "../dev/dev-session.ts";
import { connectedMessage, devLine, logLine } from "../dev/messages.ts";
import { type Source, sourcesOf } from "../dev/source.ts";
import { keptFolder, projectFolder } from "../setup/folders.ts";
import { prepare } from "../setup/prepare.ts";
import { chooseStacks } from "../state/chosen-stacks.ts";
import { refuseOtherCluster, targetOf } from "../state/cluster-target.ts";
import { readOutputs } from "../state/read-outputs.ts";
import { unlockKubeconfigs } from "../state/secret-kubeconfigs.ts";
import { openStack, stackNames } from "../state/workspace.ts";
import { UserError } from "../user-error.ts";

/** Options of `npm run dev`. */
export interface DevCommandOptions {
  /** Rolls an image out on each save, instead of swapping the code inside the running pods. */
  rollOut: boolean;
}

/**
 * `npm run dev`: brings every save of what stacks build to their clusters, and shows their services' logs, until the
 * signal. Then brings the clusters back to images.
 *
 * @param wanted stack names; if empty, all that are up
 * @param up brings stacks up, to put the images that clusters then run into their states
 * @throws UserError when one is not up, builds nothing, or another `npm run dev` runs in this folder
 */
export async function dev(
  wanted: readonly string[],
  { rollOut }: DevCommandOptions,
  signal: AbortSignal,
  up: (stacks: readonly string[]) => Promise<void>,
): Promise<void> {
  const { configs, ...files } = await readStacks(projectFolder);
  const stacks = chooseStacks({ configs, ...files }, wanted);
  await prepare("engine");
  const clusters = await targetsOf(stacks, wanted.length > 0);
  const chosen = new Map([...configs].filter(([stack]) => clusters.has(stack)));
  const release = await lockFolder();
  let back: string[];
  try {
    back = await follow(chosen, clusters, rollOut, signal);
  } finally {
    await release();
  }
  if (back.length > 0) await up(back);
  const others = [...chosen.keys()].filter((stack) => !back.includes(stack));
  if (others.length > 0) throw new UserError(`Left for you to bring back: ${upCommand(...others)}`);
}

/**
 * Brings every save to the stacks' clusters until the signal.
 *
 * @returns the stacks that run images of what is on disk
 * @throws UserError when nothing is built here, or can't be pushed
 */
async function follow(
  configs: ReadonlyMap<string, StackConfig>,
  clusters: ReadonlyMap<string, KubectlTarget>,
  rollOut: boolean,
  signal: AbortSignal,
): Promise<string[]> {
  const stacks = [...configs.keys()].join(", ");
  const sources = await sourcesOf(configs, projectFolder, rollOut);
  try {
    if (sources.length === 0) throw new UserError(`Nothing to watch: no service of ${stacks} is built here.`);
    await refuseUnlessPushed(configs);
    const say = (text: string) => console.log(devLine(text));
    const targets = [...configs].flatMap(([stack, { cluster }]) => {
      const target = clusters.get(stack);
      const registry = registryHostOf(cluster);
      // Nothing that is built here runs in a cluster without a registry.
      if (target === undefined || registry === undefined) return [];
      const listener = {
        onLine: (service: string, line: string) => console.log(logLine(stack, service, line)),
        onConnected: (source: Source, delivery: Parameters<typeof connectedMessage>[2]) =>
          say(connectedMessage(stack, source.name, delivery)),
        onMessage: say,
      };
      return { cluster: new DevCluster(stack, target, sources, listener), registry };
    });
    say(`watching ${sources.map(({ folder }) => folder).join(", ")} for ${stacks}; Ctrl-C ends`);
    return await new DevSession(sources, targets, projectFolder, say).run(signal);
  } finally {
    for (const source of sources) await source.dispose();
  }
}

/** How the clusters of stacks that are up are found. @param mustBeUp whether each has to be */
async function targetsOf(stacks: readonly string[], mustBeUp: boolean): Promise<Map<string, KubectlTarget>> {
  const known = await stackNames();
  await unlockKubeconfigs(stacks.filter((stack) => known.includes(stack)));
  const all = await Promise.all(
    stacks.map(async (stack) => {
      const outputs = known.includes(stack) ? await readOutputs(await openStack(stack)) : undefined;
      if (outputs !== undefined) await refuseOtherCluster(stack, outputs);
      return [stack, outputs && targetOf(outputs)] as const;
    }),
  );
  const up = new Map(all.flatMap(([stack, target]) => (target === undefined ? [] : [[stack, target] as const])));
  const down = stacks.filter((stack) => !up.has(stack));
  if (up.size === 0 || (mustBeUp && down.length > 0)) {
    throw new UserError(`Not up: ${down.join(", ")}. Run first: ${upCommand(...down)}`);
  }
  return up;
}

/** @throws UserError when the Docker engine, which pushes here whoever pushes for `up`, can't push to a stack's registry */
async function refuseUnlessPushed(configs: ReadonlyMap<string, Pick<StackConfig, "cluster">>): Promise<void> {
  const problems = await Promise.all(
    [...configs].map(async ([stack, { cluster }]) => {
      const problem = await pushProblem(cluster);
      return problem === undefined ? [] : [`${stack}: npm run dev pushes with the Docker engine's login: ${problem}`];
    }),
  );
  if (problems.flat().length > 0) throw new UserError(problems.flat().join("\n"));
}

/** Two of them would send different code to the same pods. @throws UserError when another one runs */
async function lockFolder(): Promise<() => Promise<void>> {
  const lock = new NamedLock(keptFolder, "dev.lock");
  const take = async () => {
    const release = await lock.take("following every save");
    if (release === undefined && (await lock.ownerHasEnded())) throw new Error(`${await lock.owner()}, has it`);
    return release;
  };
  // One that was just killed has it for a moment longer.
  const release = await waitFor("the lock of npm run dev", freeAfterMilliseconds / 1000, take, {
    longestPauseMilliseconds: 250,
  });
  if (release !== undefined) return release;
  const owner = await lock.owner();
  throw new UserError(`npm run dev is running in this folder already (${owner}): end it with Ctrl-C first.`);
}
