import { inClusterUrl } from "../../config/cluster-config.ts";
import { readStacks } from "../../config/read-stacks.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { withProbes } from "../proof/probes.ts";
import { proveLinks } from "../proof/prove-stack.ts";
import { staleLinks } from "../proof/stale-links.ts";
import { projectFolder } from "../setup/folders.ts";
import { prepare } from "../setup/prepare.ts";
import { warnOfBrokenFiles } from "../state/broken-files.ts";
import { refuseOtherCluster } from "../state/cluster-target.ts";
import { outputsOfAll } from "../state/read-outputs.ts";
import { unlockKubeconfigs } from "../state/secret-kubeconfigs.ts";
import { stackNames } from "../state/workspace.ts";
import { UserError } from "../user-error.ts";
import { type LinkRow, linkTable } from "./tables.ts";

/** Options of `npm run links`. */
export interface LinksCommandOptions {
  /** Prints JSON instead of a table. */
  json: boolean;
  /** Fails when a link is stale or dead. */
  check: boolean;
}

/**
 * `npm run links`: proves every link of every stack that is up, and shows which ones still lead to a peer's former URL,
 * or were left out.
 *
 * @throws UserError with `--check`, when a link is dead or stale
 */
export async function links({ json, check }: LinksCommandOptions): Promise<void> {
  const files = await readStacks(projectFolder);
  warnOfBrokenFiles(files);
  await prepare("tools");
  await unlockKubeconfigs(await stackNames());
  const all = await outputsOfAll();
  await Promise.all([...all].map(([stack, outputs]) => refuseOtherCluster(stack, outputs)));
  const rows = await withProbes(async (probes) => {
    const found: LinkRow[] = [];
    for (const [stack, outputs] of all) {
      const proofs = await proveLinks(stack, outputs, { ...files, outputs: all }, probes);
      const stale = new Map(staleLinks(stack, outputs, all, files.project).map((link) => [link.alias, link.message]));
      const links = [...proofs.map((proof) => ({ stack, ...proof })), ...leftOut(stack, outputs)];
      for (const link of links) found.push({ ...link, stale: stale.get(link.alias ?? "") });
    }
    return found;
  });
  if (json) console.log(JSON.stringify(rows, undefined, 2));
  else console.log(rows.length > 0 ? linkTable(rows) : "No links: no stack that is up has a peer.");
  const bad = rows.filter(({ problem, stale }) => problem !== undefined || stale !== undefined);
  if (check && bad.length > 0) throw new UserError(bad.map(describe).join("\n"));
}

/** The links that are not there. */
const leftOut = (stack: string, { peers, context }: StackOutputs): LinkRow[] =>
  peers
    .filter(({ url }) => url === undefined)
    .map(({ alias, namespace, way, reason }) => ({
      stack,
      what: inClusterUrl(alias, namespace),
      from: context,
      alias: `${namespace}/${alias}`,
      way,
      omitted: reason,
    }));

const describe = ({ stack, alias, problem, stale }: LinkRow) =>
  `${stack} ${alias ?? ""}: ${[problem, stale].filter(Boolean).join("; ")}`;
