import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { initialReplicas, type Replicas } from "../config/replicas.ts";
import type { IngressRule } from "../config/stack-config.ts";
import { appLabels, selectorLabels } from "./manifest/labels.ts";
import { oneByOne, podDefaults } from "./manifest/pod-defaults.ts";
import { podRequests } from "./manifest/pod-requests.ts";
import { restrictedContainer } from "./manifest/pod-security.ts";
import { httpPort, servicePort } from "./manifest/service-port.ts";
import { skipAwait } from "./manifest/skip-await.ts";
import { componentType } from "./pulumi/component-type.ts";

/** How long a pod goes on serving once it is out of the endpoints, until every node and proxy has noticed. */
const leaveSeconds = 5;

/** How long the container may then finish its requests: longer than the service's own limit, as a unit test checks. */
export const drainSeconds = 20;

/** Kubernetes gives a roll-out up after this long without progress. */
const progressDeadlineSeconds = 75;

/** Pulumi's limits of a roll-out: longer, so that it can report what Kubernetes says of one that fails. */
const timeouts = (replicas: number) => {
  // Pods are replaced one by one.
  const updateSeconds = progressDeadlineSeconds + 10 + 5 * Math.max(0, replicas - 2);
  return { create: "3m", update: `${updateSeconds}s` };
};

export interface MicroserviceArgs {
  /** The Service's and the Deployment's name. */
  name: string;
  /** An existing namespace. */
  namespace: string;
  /** The container's image, by digest, so that another build is rolled out. */
  image: pulumi.Input<string>;
  /** Pods, at least 1; `autoscaled` leaves their number to an autoscaler. */
  replicas: Replicas;
  /** The `NAME` that it answers with. */
  applicationName: string;
  /** The `CLUSTER` that it answers with. */
  applicationCluster: string;
  /** The part of the cluster's HTTP traffic that it serves. @default none */
  ingress?: IngressRule;
}

/** An identity service: a Deployment, a Service on ports 80 and 5000, and, if asked for, an Ingress. */
export class Microservice extends pulumi.ComponentResource {
  constructor(args: MicroserviceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { name, namespace } = args;
    const replicas = initialReplicas(args.replicas);
    // Two namespaces may each have a service of the same name.
    const id = `${namespace}/${name}`;
    super(componentType("Microservice"), id, {}, opts);
    const parent = { parent: this };
    const metadata = { name, namespace, labels: appLabels(name, "service") };

    const account = new k8s.core.v1.ServiceAccount(id, { metadata, automountServiceAccountToken: false }, parent);
    const service = new k8s.core.v1.Service(
      id,
      {
        metadata: { ...metadata, annotations: skipAwait },
        spec: {
          selector: selectorLabels(name),
          ports: [
            { name: "http", port: httpPort, targetPort: servicePort },
            { name: "http-direct", port: servicePort, targetPort: servicePort },
          ],
        },
      },
      parent,
    );
    new k8s.apps.v1.Deployment(
      id,
      { metadata, spec: deployment(args, account.metadata.name) },
      {
        ...parent,
        // No pod may become ready before its Service exists.
        dependsOn: [service],
        customTimeouts: timeouts(replicas),
        // Pulumi then applies the number that there is, until something else has set one, and none from then on.
        ignoreChanges: args.replicas === "autoscaled" ? ["spec.replicas"] : undefined,
      },
    );
    if (replicas > 1) {
      const spec = { maxUnavailable: 1, selector: { matchLabels: selectorLabels(name) } };
      new k8s.policy.v1.PodDisruptionBudget(id, { metadata, spec }, parent);
    }
    if (args.ingress) {
      const spec = ingressSpec(name, args.ingress);
      new k8s.networking.v1.Ingress(id, { metadata, spec }, { ...parent, dependsOn: [service] });
    }
    this.registerOutputs();
  }
}

function deployment(
  args: MicroserviceArgs,
  serviceAccountName: pulumi.Input<string>,
): k8s.types.input.apps.v1.DeploymentSpec {
  const matchLabels = selectorLabels(args.name);
  return {
    replicas: initialReplicas(args.replicas),
    revisionHistoryLimit: 3,
    progressDeadlineSeconds,
    strategy: oneByOne,
    selector: { matchLabels },
    template: {
      metadata: { labels: appLabels(args.name, "service") },
      spec: {
        ...podDefaults(matchLabels),
        serviceAccountName,
        automountServiceAccountToken: false,
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
      { name: "NAME", value: args.applicationName },
      { name: "CLUSTER", value: args.applicationCluster },
    ],
    ports: [{ name: "http", containerPort: servicePort }],
    startupProbe: { httpGet: ready, periodSeconds: 1, failureThreshold: 60, timeoutSeconds: 2 },
    readinessProbe: { httpGet: ready, periodSeconds: 2, failureThreshold: 2, timeoutSeconds: 2 },
    livenessProbe: { httpGet: alive, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
    lifecycle: { preStop: { sleep: { seconds: leaveSeconds } } },
    resources: {
      requests: podRequests.service,
      limits: { cpu: "1", memory: "192Mi", "ephemeral-storage": "64Mi" },
    },
    securityContext: restrictedContainer,
  };
}

const ingressSpec = (name: string, { host, path }: IngressRule): k8s.types.input.networking.v1.IngressSpec => ({
  rules: [
    {
      host,
      http: { paths: [{ path, pathType: "Prefix", backend: { service: { name, port: { number: httpPort } } } }] },
    },
  ],
});
