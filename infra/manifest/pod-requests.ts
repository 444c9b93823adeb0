/** What the scheduler sets aside for a pod, as Kubernetes quantities. */
export interface PodRequests {
  /** In thousandths of a CPU. */
  cpu: `${number}m`;
  /** In mebibytes. */
  memory: `${number}Mi`;
  "ephemeral-storage": `${number}Mi`;
}

/** What each pod of ours asks of the scheduler, beside those of services. infra/kind/capacity.ts adds it up. */
export const podRequests = {
  ingressController: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "16Mi" },
  proxy: { cpu: "5m", memory: "48Mi", "ephemeral-storage": "16Mi" },
} satisfies Record<string, PodRequests>;

/** The pods of the ingress controller. */
export const ingressControllerReplicas = 1;

/** The pods of each proxy. */
export const proxyReplicas = 2;
