import { localStackName } from "../../config/stack-name.ts";
import { upCommand } from "../../config/wording.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";

/** A link that its stack was brought up with otherwise than it would be now. */
export interface StaleLink {
  /** `namespace/alias` */
  alias: string;
  /** What has changed, and what to run. */
  message: string;
}

/**
 * The stale links of a stack: to another URL than its peer's stack has now, or left out while that was not up.
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
  return peers.flatMap(({ alias, namespace, stack: reference, service, url }) => {
    const peer = reference === undefined ? undefined : localStackName(reference, project);
    if (peer === undefined) return [];
    const current = all.get(peer);
    const message = url === undefined ? whatCame(stack, peer, current, service) : whatMoved(stack, peer, current, url);
    return message === undefined ? [] : [{ alias: `${namespace}/${alias}`, message }];
  });
}

/** What has come of the target of an alias that was left out; undefined while it is not there. */
function whatCame(
  stack: string,
  peer: string,
  current: StackOutputs | undefined,
  service?: string,
): string | undefined {
  const isThere = ({ services }: StackOutputs) =>
    service === undefined || services.some(({ name, namespace }) => service === `${namespace}/${name}`);
  if (current === undefined || !isThere(current)) return undefined;
  return `${peer} is up now; ${stack} was brought up without the alias. Run: ${upCommand(stack)}`;
}

/** How the target of an alias has moved; undefined when it has not. */
function whatMoved(stack: string, peer: string, current: StackOutputs | undefined, url: string): string | undefined {
  if (current?.exposedUrl === url) return undefined;
  if (current === undefined) return `${peer} is not up any more; ${stack} still points at ${url}`;
  const change = `${peer}.exposedUrl changed: ${url} → ${current.exposedUrl}`;
  return `${change}; ${stack} still points at ${url}. Run: ${upCommand(stack)}`;
}
