import { localStackName } from "../../config/stack-name.ts";
import { upCommand } from "../../config/wording.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";

/** A link that was applied with another URL than its peer's stack has now. */
export interface StaleLink {
  /** `namespace/alias` */
  alias: string;
  /** The old URL, the new one, and what to run. */
  message: string;
}

/**
 * The stale links of a stack.
 *
 * @param all the outputs of every stack that is up
 * @param project the Pulumi project; `all` holds no other project's stacks
 */
export function staleLinks(
  stack: string,
  { peers }: StackOutputs,
  all: ReadonlyMap<string, StackOutputs>,
  project: string,
): StaleLink[] {
  return peers.flatMap(({ alias, namespace, stack: reference, url }) => {
    const peer = reference === undefined ? undefined : localStackName(reference, project);
    const current = peer === undefined ? undefined : all.get(peer)?.exposedUrl;
    if (peer === undefined || url === undefined || current === url) return [];
    const change =
      current === undefined
        ? `${peer} is not up any more; ${stack} still points at ${url}`
        : `${peer}.exposedUrl changed: ${url} → ${current}; ${stack} still points at ${url}. Run: ${upCommand(stack)}`;
    return [{ alias: `${namespace}/${alias}`, message: change }];
  });
}
