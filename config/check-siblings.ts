import type { Problem } from "./config-error.ts";
import { highestHttpPort, registryPortOffset } from "./host-ports.ts";
import type { ConfigParts } from "./raw-config.ts";
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
