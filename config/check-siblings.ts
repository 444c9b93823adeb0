import { items, record } from "./raw-config.ts";
import type { Finding } from "./config-error.ts";
import { highestHttpPort, registryOffset } from "./cluster-config.ts";
import { nearest, show } from "./wording.ts";

/** The other stacks' configuration as written, by stack. */
export type Siblings = Readonly<Record<string, unknown>>;

/** What is wrong between one stack's configuration and those beside it. */
export function siblingFindings(stack: string, raw: unknown, siblings: Siblings): Finding[] {
  const others = Object.entries(siblings).filter(([other]) => other !== stack);
  const clusters = others.map(([other, theirs]) => ({ other, cluster: record(record(theirs).cluster) }));
  const { name, httpPort } = record(record(raw).cluster);
  return [
    ...clusters
      .filter(({ cluster }) => name !== undefined && cluster.name === name)
      .map(({ other }) => sameName(name, other)),
    ...portFindings(
      httpPort,
      clusters.map(({ other, cluster }) => ({ other, port: cluster.httpPort })),
    ),
    ...items(raw, "peers").flatMap(({ at, value }) => {
      const finding = unknownStack(
        value.stack,
        stack,
        others.map(([other]) => other),
      );
      return finding === undefined ? [] : [{ at: [...at, "stack"], message: finding }];
    }),
  ];
}

const file = (stack: string) => `Pulumi.${stack}.yaml`;

const sameName = (name: unknown, other: string): Finding => ({
  at: ["cluster", "name"],
  message: `${show(name)} is already the cluster of ${file(other)}: write another`,
});

/** Both a cluster's ports are the host's: its ingress, and its registry. */
function portFindings(mine: unknown, clusters: readonly { other: string; port: unknown }[]): Finding[] {
  if (typeof mine !== "number") return [];
  const taken = clusters.flatMap(({ other, port }) => (typeof port === "number" ? [{ other, port }] : []));
  const clash = (port: number) =>
    taken.find(({ port: theirs }) => [0, registryOffset, -registryOffset].includes(port - theirs));
  const found = clash(mine);
  if (found === undefined) return [];

  let free = mine;
  while (clash(free) !== undefined) free = (free % highestHttpPort) + 1;
  const { other, port } = found;
  const clashes = {
    [0]: `${mine} is already the port of ${file(other)}`,
    [registryOffset]: `${mine} is already the registry's port of ${file(other)} (its ${port} + ${registryOffset})`,
    [-registryOffset]: `${mine} puts the registry on ${mine + registryOffset}, already the port of ${file(other)}`,
  };
  return [{ at: ["cluster", "httpPort"], message: `${clashes[mine - port] ?? ""}: write another, such as ${free}` }];
}

/** A plain stack name has a stack file; a full one may be anybody's. */
function unknownStack(name: unknown, self: string, others: readonly string[]): string | undefined {
  if (typeof name !== "string" || name.includes("/") || name === self || others.includes(name)) return undefined;
  const guess = nearest(name, others);
  const known = others.length === 0 ? "there is no other stack" : `known are ${others.toSorted().join(", ")}`;
  const hint = guess === undefined ? known : `did you mean ${show(guess)}?`;
  return `there is no ${file(name)} (${hint}): write that file, or another stack's name`;
}
