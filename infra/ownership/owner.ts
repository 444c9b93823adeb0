import { factLabels, ownerLabel } from "./docker-labels.ts";

/** Where a fleet is worked on, for messages. All of it may change without the fleet becoming another. */
export interface Place {
  /** The project's folder. */
  folder: string;
  user: string;
  /** The host's name. */
  machine: string;
}

/** Who makes a cluster and what belongs to it. The fleet's id alone decides; all else is for messages. */
export interface Owner extends Place {
  /** The id that the stack's state keeps: see fleet-owner.ts. */
  fleet: string;
  project: string;
  stack: string;
  /** The Docker engine's id. @default not known, as in a preview without an engine */
  engine?: string;
}

/** What a mark says of the owner. Earlier versions wrote project and stack only. */
export type MarkedOwner = Pick<Owner, "project" | "stack"> & Partial<Owner>;

/** The owner as earlier versions write and compare it: `<project>/<stack>`. */
export const ownerOf = (project: string, stack: string): string => `${project}/${stack}`;

/** The labels of what an owner makes. */
export function labelsOf(owner: Owner): Record<string, string> {
  const labels: Record<string, string> = { [ownerLabel]: ownerOf(owner.project, owner.stack) };
  for (const [fact, label] of Object.entries(factLabels)) {
    const value = owner[fact as keyof Owner];
    if (value !== undefined) labels[label] = value;
  }
  return labels;
}

/** The owner that a thing's labels tell; undefined when they tell none. */
export function ownerFromLabels(labels: Readonly<Record<string, string | undefined>>): MarkedOwner | undefined {
  const facts = Object.entries(factLabels).map(([fact, label]) => [fact, labels[label]] as const);
  return ownerFromFacts({ owner: labels[ownerLabel], ...Object.fromEntries(facts) });
}

/** The owner that a mark's facts tell, `owner` being the one of earlier versions; undefined when they tell none. */
export function ownerFromFacts(facts: Readonly<Record<string, unknown>>): MarkedOwner | undefined {
  const text = (fact: string) => {
    const value = facts[fact];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [formerProject, formerStack] = text("owner")?.split("/") ?? [];
  const project = text("project") ?? formerProject;
  const stack = text("stack") ?? formerStack;
  if (project === undefined || stack === undefined) return undefined;
  const known = Object.keys(factLabels).flatMap((fact) => {
    const value = text(fact);
    return value === undefined ? [] : [[fact, value] as const];
  });
  return { ...Object.fromEntries(known), project, stack };
}

/** The owner that a state has; earlier versions wrote `<project>/<stack>`, which names no fleet. */
export function ownerFromState(owner: Owner | string): Owner {
  if (typeof owner !== "string") return owner;
  const [project = "", stack = ""] = owner.split("/");
  return { fleet: "", project, stack, folder: "", user: "", machine: "" };
}

/** Whether a mark was made in this place. */
export const isFrom = (mark: MarkedOwner, place: Place): boolean =>
  mark.folder === place.folder && mark.user === place.user && mark.machine === place.machine;
