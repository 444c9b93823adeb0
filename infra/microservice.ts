import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { noAwait } from "./manifest/skip-await.ts";
import { appLabels, selectorLabels } from "./manifest/labels.ts";
import { restrictedContainer, restrictedPod, spreadOverNodes } from "./manifest/pod-security.ts";

/** The port that the container listens on, and the second one of its Service, beside 80. */
export const servicePort = 5000;

/** Seconds that a pod goes on to serve after it left the endpoints, until every node and proxy knows. */
const leaveSeconds = 5;

/** Seconds that the service has for its running requests, and some to spare. */
const drainSeconds = 20;

/** The arguments of {@link Microservice}. */
export interface MicroserviceArgs {
  /** The Service's and the Deployment's name. */
  name: string;
  /** The namespace, which exists. */
  namespace: string;
  /** The container's image; by digest, so that another build rolls out. */
  image: pulumi.Input<string>;
  /** Pods, at least 1. @default 2 */
  replicas?: number;
  /** The `NAME` that it answers with. @default the name */
  applicationName?: string;
  /** The `CLUSTER` that it answers with. */
  applicationCluster: string;
  /** What of the cluster's HTTP traffic it gets: the paths under a prefix, of one host or of all. @default none */
  ingress?: { host?: string; path: string };
}

/** An identity service: its pods, its Service on ports 80 and 5000, and, if asked for, an Ingress. */
export class Microservice extends pulumi.ComponentResource {
  constructor(args: MicroserviceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { name, namespace, replicas = 2 } = args;
    // Two namespaces may each have a service of the same name.
    const id = `${namespace}/${name}`;
    super("fleet:index:Microservice", id, {}, opts);
    const parent = { parent: this };
    const metadata = { name, namespace, labels: appLabels(name, "service") };

    const account = new k8s.core.v1.ServiceAccount(id, { metadata, automountServiceAccountToken: false }, parent);
    const service = new k8s.core.v1.Service(
      id,
      {
        metadata: { ...metadata, annotations: noAwait },
        spec: {
          selector: selectorLabels(name),
          ports: [
            { name: "http", port: 80, targetPort: servicePort },
            { name: "http-direct", port: servicePort, targetPort: servicePort },
          ],
        },
      },
      parent,
    );
    new k8s.apps.v1.Deployment(
      id,
      { metadata, spec: deployment(args, replicas, account.metadata.name) },
      {
        ...parent,
        // The Service first, so that no pod is ready before it can be reached.
        dependsOn: [service],
        // Pods are replaced one by one.
        customTimeouts: { create: "3m", update: `${85 + 5 * Math.max(0, replicas - 2)}s` },
      },
    );
    if (replicas > 1) {
      const spec = { maxUnavailable: 1, selector: { matchLabels: selectorLabels(name) } };
      new k8s.policy.v1.PodDisruptionBudget(id, { metadata, spec }, parent);
    }
    if (args.ingress)
      new k8s.networking.v1.Ingress(
        id,
        { metadata, spec: ingress(name, args.ingress) },
        { ...parent, dependsOn: [service] },
      );
    this.registerOutputs();
  }
}

function deployment(
  args: MicroserviceArgs,
  replicas: number,
  serviceAccountName: pulumi.Input<string>,
): k8s.types.input.apps.v1.DeploymentSpec {
  const matchLabels = selectorLabels(args.name);
  return {
    replicas,
    revisionHistoryLimit: 3,
    // Shorter than Pulumi's own wait, which so can say why.
    progressDeadlineSeconds: 75,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    selector: { matchLabels },
    template: {
      metadata: { labels: appLabels(args.name, "service") },
      spec: {
        serviceAccountName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: restrictedPod,
        topologySpreadConstraints: spreadOverNodes(matchLabels),
        terminationGracePeriodSeconds: leaveSeconds + drainSeconds,
        containers: [container(args)],
      },
    },
  };
}

function container(args: MicroserviceArgs): k8s.types.input.core.v1.Container {
  const alive = { path: "/healthz", port: servicePort };
  const ready = { path: "/readyz", port: servicePort };
  return {
    name: "service",
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    env: [
      { name: "PORT", value: String(servicePort) },
      { name: "NAME", value: args.applicationName ?? args.name },
      { name: "CLUSTER", value: args.applicationCluster },
    ],
    ports: [{ name: "http", containerPort: servicePort }],
    startupProbe: { httpGet: ready, periodSeconds: 1, failureThreshold: 60, timeoutSeconds: 2 },
    readinessProbe: { httpGet: ready, periodSeconds: 2, failureThreshold: 2, timeoutSeconds: 2 },
    livenessProbe: { httpGet: alive, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
    lifecycle: { preStop: { sleep: { seconds: leaveSeconds } } },
    resources: {
      requests: { cpu: "25m", memory: "64Mi", "ephemeral-storage": "16Mi" },
      limits: { cpu: "1", memory: "192Mi", "ephemeral-storage": "64Mi" },
    },
    securityContext: restrictedContainer,
  };
}

const ingress = (
  name: string,
  { host, path }: { host?: string; path: string },
): k8s.types.input.networking.v1.IngressSpec => ({
  rules: [
    {
      ...(host === undefined ? {} : { host }),
      http: { paths: [{ path, pathType: "Prefix", backend: { service: { name, port: { number: 80 } } } }] },
    },
  ],
});
