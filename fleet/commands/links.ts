import { localStackName } from "../../config/stack-name.ts";
import { root } from "../setup/environment.ts";
import { UserError } from "../user-error.ts";
import { type FleetOutputs, readOutputs } from "../state/read-outputs.ts";
import { readStacks } from "../../config/read-stacks.ts";
import { type Proof, proveLinks } from "../proof/prove.ts";
import { start } from "../setup/prepare.ts";
import { linkTable } from "./tables.ts";
import { openStack, stackNames } from "../state/workspace.ts";

/** What `npm run links` is told. */
export interface LinksCommand {
  /** JSON instead of a table. */
  json: boolean;
  /** Fails on a link that is stale or dead. */
  check: boolean;
}

/**
 * `npm run links`: proves every link of every stack that is up, and tells which ones point at what a peer was before.
 *
 * @throws UserError with `--check`, when a link is dead or stale
 */
export async function links({ json, check }: LinksCommand): Promise<void> {
  const files = await readStacks(root);
  await start("tools");
  const standing = await standingStacks();
  const rows: (Proof & { stack: string; stale?: string })[] = [];
  for (const [stack, outputs] of standing) {
    const staleLinks = new Map(
      staleness(stack, outputs, standing, files.project).map(({ alias, message }) => [alias, message]),
    );
    for (const proof of await proveLinks(stack, outputs, files)) {
      const stale = staleLinks.get(proof.alias ?? "");
      rows.push({ stack, ...proof, ...(stale !== undefined && { stale }) });
    }
  }
  console.log(
    json
      ? JSON.stringify(rows, undefined, 2)
      : rows.length > 0
        ? linkTable(rows)
        : "No links: no stack that is up has a peer.",
  );
  const bad = rows.filter(({ problem, stale }) => problem !== undefined || stale !== undefined);
  if (check && bad.length > 0)
    throw new UserError(
      bad
        .map(
          ({ stack, alias, problem, stale }) =>
            `${stack} ${alias ?? ""}: ${[problem, stale].filter(Boolean).join("; ")}`,
        )
        .join("\n"),
    );
}

/** The outputs of every stack that is up. */
export async function standingStacks(): Promise<Map<string, FleetOutputs>> {
  const standing = new Map<string, FleetOutputs>();
  for (const name of await stackNames()) {
    const outputs = await readOutputs(await openStack(name));
    if (outputs !== undefined) standing.set(name, outputs);
  }
  return standing;
}

/** The links of a stack that were applied with another URL than their peer's stack has now. */
export function staleness(
  stack: string,
  outputs: FleetOutputs,
  standing: ReadonlyMap<string, FleetOutputs>,
  project: string,
): { alias: string; message: string }[] {
  return outputs.peers.flatMap(({ alias, namespace, stack: reference, url }) => {
    const peer = reference === undefined ? undefined : localStackName(reference, project);
    const now = peer === undefined ? undefined : standing.get(peer)?.exposedUrl;
    if (peer === undefined || url === undefined || now === url) return [];
    const message =
      now === undefined
        ? `${peer} is not up any more; ${stack} still points at ${url}`
        : `${peer}.exposedUrl changed: ${url} → ${now}; ${stack} still points at ${url}. Run: npm run up -- ${stack}`;
    return [{ alias: `${namespace}/${alias}`, message }];
  });
}
