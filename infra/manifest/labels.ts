/** Kubernetes' recommended labels, of one workload. */
export const appLabels = (name: string, component: "service" | "ingress-controller" | "proxy") => ({
  ...selectorLabels(name),
  "app.kubernetes.io/component": component,
  "app.kubernetes.io/part-of": "fleet",
  "app.kubernetes.io/managed-by": "pulumi",
});

/** The labels that select a workload's pods; a Deployment's can't change, so they are no more than needed. */
export const selectorLabels = (name: string) => ({ "app.kubernetes.io/name": name });
