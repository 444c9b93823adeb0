import type { Problem } from "./config-error.ts";
import { highestHttpPort, registryPortOffset } from "./host-ports.ts";
import { type Block, blockOf, type ConfigParts, type Item } from "./raw-config.ts";
import { stackFileName } from "./stack-name.ts";
import { nearest, show } from "./wording.ts";

/** Conflicts of a stack's configuration with those of the project's other stacks; its own entry is ignored. */
export function siblingProblems(
  stack: string,
  { cluster: { name, httpPort }, peers }: ConfigParts,
  siblings: Readonly<Record<string, ConfigParts>>,
): Problem[] {
  const clusters = Object.entries(siblings)
    .filter(([other]) => other !== stack)
    .map(([other, { cluster }]) => ({ other, cluster }));
  const otherNames = clusters.map(({ other }) => other);
  const sameName = clusters.filter(({ cluster }) => name !== undefined && cluster.name === name);
  const ports = clusters.flatMap(({ other, cluster: { httpPort: port } }) =>
    typeof port === "number" ? [{ other, port }] : [],
  );
  return [
    ...sameName.map(({ other }) => ({
      at: ["cluster", "name"],
      message: `${show(name)} is already the cluster of ${stackFileName(other)}: write another`,
    })),
    ...(typeof httpPort === "number" ? portProblems(httpPort, ports) : []),
    ...peers.flatMap(({ at, value }) => {
      const message = unknownStackProblem(value.stack, stack, otherNames);
      return message === undefined ? [] : [{ at: [...at, "stack"], message }];
    }),
    ...peers.flatMap(({ at, value }) => {
      const sibling = typeof value.stack === "string" && value.stack !== stack ? siblings[value.stack] : undefined;
      const message = sibling && peerServiceProblem(value, sibling.services);
      return message === undefined ? [] : [{ at: [...at, "service"], message }];
    }),
  ];
}

/** A cluster uses two of the host's ports: its ingress's and its registry's. */
function portProblems(mine: number, taken: readonly { other: string; port: number }[]): Problem[] {
  const clashOf = (port: number) =>
    taken.find(({ port: theirs }) => [0, registryPortOffset, -registryPortOffset].includes(port - theirs));
  const clash = clashOf(mine);
  if (clash === undefined) return [];
  let free = mine;
  while (clashOf(free) !== undefined) free = (free % highestHttpPort) + 1;
  const message = `${describeClash(mine, clash.port, stackFileName(clash.other))}: write another, such as ${free}`;
  return [{ at: ["cluster", "httpPort"], message }];
}

function describeClash(mine: number, theirs: number, file: string): string {
  if (mine === theirs) return `${mine} is already the port of ${file}`;
  if (mine > theirs) {
    return `${mine} is already the registry's port of ${file} (its ${theirs} + ${registryPortOffset})`;
  }
  return `${mine} puts the registry on ${mine + registryPortOffset}, already the port of ${file}`;
}

/** A stack with a plain name must have a file here. Whether one with a full name exists, only its backend knows. */
function unknownStackProblem(name: unknown, self: string, others: readonly string[]): string | undefined {
  if (typeof name !== "string" || name.includes("/") || name === self || others.includes(name)) return undefined;
  const guess = nearest(name, others);
  const known = others.length === 0 ? "there is no other stack" : `known are ${others.toSorted().join(", ")}`;
  const hint = guess === undefined ? known : `did you mean ${show(guess)}?`;
  return `there is no ${stackFileName(name)} (${hint}): write that file, or another stack's name`;
}

/** What is wrong with the service that a peer leads to, as far as the file of the peer's stack tells. */
function peerServiceProblem({ stack, service, host }: Block, services: readonly Item[]): string | undefined {
  if (typeof stack !== "string" || typeof service !== "string" || services.length === 0) return undefined;
  const named = services.map(({ value }) => ({ value, name: `${String(value.namespace)}/${String(value.name)}` }));
  const found = named.find(({ name }) => name === service)?.value;
  const file = stackFileName(stack);
  if (found === undefined) {
    const names = named.map(({ name }) => name);
    const guess = nearest(service, names);
    const hint = guess === undefined ? `its services are ${names.join(", ")}` : `did you mean ${show(guess)}?`;
    return `there is no service ${show(service)} in ${file} (${hint}): write one of those`;
  }
  return unreachableService(service, file, found.ingress === true ? {} : found.ingress, host);
}

/**
 * Why no other cluster reaches a service by its ingress rule; undefined when one does.
 *
 * @param place where its configuration is, for the message
 * @param ingress its rule, as written
 * @param host the host that the peer names
 */
export function unreachableService(
  service: string,
  place: string,
  ingress: unknown,
  host: unknown,
): string | undefined {
  if (ingress === undefined || ingress === null || ingress === false) {
    const remedy = `write "ingress: true", or { host, path }, into it in ${place}`;
    return `${show(service)} has no ingress, so no other cluster reaches it: ${remedy}`;
  }
  const { host: wanted } = blockOf(ingress);
  if (typeof wanted !== "string" || !wanted.startsWith("*.") || host !== undefined) return undefined;
  const example = `www${wanted.slice(1)}`;
  return `the ingress of ${show(service)} is for any host like ${wanted}: write the one to call, such as "host: ${example}"`;
}
