/** Marks everything that is made for a cluster and is not one of its nodes; the value is the cluster's name. */
export const clusterLabel = "kind-fleet.cluster";

/** Marks a container with its owner, `<project>/<stack>`: all that earlier versions wrote. */
export const ownerLabel = "kind-fleet.owner";

/** The repositories that a registry's stack pushes, with commas between them. */
export const imagesLabel = "kind-fleet.images";

/** The labels that tell an owner's facts, one each. */
export const factLabels = {
  fleet: "kind-fleet.fleet",
  project: "kind-fleet.project",
  stack: "kind-fleet.stack",
  folder: "kind-fleet.folder",
  user: "kind-fleet.user",
  machine: "kind-fleet.machine",
  engine: "kind-fleet.engine",
} as const;

/** The labels of a creation under way that tell which process it is, and when it began. */
export const creationLabels = {
  pid: "kind-fleet.process",
  start: "kind-fleet.process-start",
  realm: "kind-fleet.process-realm",
  since: "kind-fleet.since",
} as const;

/** kind's own label on a cluster's nodes; the value is the cluster's name. */
export const kindClusterLabel = "io.x-k8s.kind.cluster";

/** The options of a docker command that set labels. */
export const labelOptions = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels).map(([label, value]) => `--label=${label}=${value}`);

/** The part of a docker command's format that has it print these values as a JSON list, whatever they hold. */
export const jsonFormat = (...values: readonly string[]): string =>
  `[${values.map((value) => `{{json ${value}}}`).join(",")}]`;

/** A label, for {@link jsonFormat}. */
export const labelValue = (label: string): string => `(.Label "${label}")`;
