/** What everything of ours is part of (`app.kubernetes.io/part-of`). */
export const partOf = "fleet";

/** The label of everything of ours in a cluster. */
export const partOfLabel = { "app.kubernetes.io/part-of": partOf };

/** {@link partOfLabel} as a selector. */
export const partOfFleet = Object.entries(partOfLabel).flat().join("=");

/**
 * Kubernetes' recommended labels of one workload.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export const appLabels = (name: string, component: "service" | "ingress-controller" | "proxy") => ({
  ...selectorLabels(name),
  "app.kubernetes.io/component": component,
  ...partOfLabel,
  "app.kubernetes.io/managed-by": "pulumi",
});

/** The labels that select a workload's pods: only the name, since a Deployment's selector can't change later. */
export const selectorLabels = (name: string) => ({ "app.kubernetes.io/name": name });

/** Selects all objects of the services that we deploy, in whatever namespace. */
export const serviceSelector = `app.kubernetes.io/part-of=${partOf},app.kubernetes.io/component=service`;
