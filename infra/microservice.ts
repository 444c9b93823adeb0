import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { initialReplicas } from "../config/replicas.ts";
import { identityOf, type IngressRule, type ServiceConfig } from "../config/service-config.ts";
import { httpPort, type Workload, type WorkloadPort, workloadOf, type WorkloadProbe } from "../config/workload.ts";
import type { IngressShape } from "./cluster/cluster.ts";
import { ContainerFiles } from "./container-files.ts";
import { ContainerSecrets } from "./container-secrets.ts";
import { egressRule } from "./manifest/egress-rule.ts";
import { addressTimeouts, firstAddressOf, type GivenAddress } from "./manifest/given-address.ts";
import { appLabels, selectorLabels } from "./manifest/labels.ts";
import { allAtOnce, podDefaults } from "./manifest/pod-defaults.ts";
import { containerSecurity, nonroot, podSecurity } from "./manifest/pod-security.ts";
import { skipAwait } from "./manifest/skip-await.ts";
import { componentType } from "./pulumi/component-type.ts";

/** How long a pod goes on serving once it is out of the endpoints, until every node and proxy has noticed. */
const leaveSeconds = 5;

/** How long the container may then finish its requests: longer than the service's own limit, as a unit test checks. */
export const drainSeconds = 20;

/** How long a container may take to start, unless its startup probe says more. */
const startSeconds = 60;

/** How much longer than that Kubernetes waits for progress before it gives a roll-out up. */
const progressSlackSeconds = 15;

/** A roll-out's limits: Kubernetes' own, and Pulumi's, which are longer, so that it can report why one fails. */
export function rolloutLimits(service: ServiceConfig, { probes }: Workload) {
  const startsWithinSeconds = probes.startup?.withinSeconds ?? startSeconds;
  const progressDeadlineSeconds = service.progressDeadlineSeconds ?? startsWithinSeconds + progressSlackSeconds;
  const pulumiSeconds = progressDeadlineSeconds + 10;
  // Where there is no room for more, pods are replaced one by one.
  const updateSeconds = pulumiSeconds + 5 * Math.max(0, initialReplicas(service.replicas) - 2);
  const customTimeouts = { create: `${Math.max(180, pulumiSeconds)}s`, update: `${updateSeconds}s` };
  return { progressDeadlineSeconds, customTimeouts };
}

export interface MicroserviceArgs {
  service: ServiceConfig;
  /** The container's image, by digest, so that another build is rolled out. */
  image: pulumi.Input<string>;
  /** The folder that {@link ServiceConfig.files} are read from. @default the current one */
  folder?: string;
  /** What its Ingress says beside its rule. @default nothing */
  ingress?: IngressShape;
  /** What serves its Ingress, which is complete only once that has written its status. @default nothing of the stack's */
  controller?: pulumi.Resource;
  /** The Secret by which its pods pull the image. @default the nodes can pull by themselves */
  pullSecret?: pulumi.Input<string>;
}

/** A service: a Deployment, a Service for its ports, and, if asked for, an Ingress. */
export class Microservice extends pulumi.ComponentResource {
  /** The name or address that its Ingress was given; none of one without an Ingress, or that nobody gave one. */
  readonly address: pulumi.Output<string | undefined>;

  constructor(args: MicroserviceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { service } = args;
    const { name, namespace, secretEnv = {}, files = {}, egress = [] } = service;
    const replicas = initialReplicas(service.replicas);
    // Two namespaces may each have a service of the same name.
    const id = `${namespace}/${name}`;
    super(componentType("Microservice"), id, {}, opts);
    const parent = { parent: this };
    const workload = workloadOf(service);
    const metadata = { name, namespace, labels: appLabels(name, "service") };

    const account = new k8s.core.v1.ServiceAccount(id, { metadata, automountServiceAccountToken: false }, parent);
    const services = workload.ports.length === 0 ? [] : [this.serviceOf(id, metadata, workload)];
    const sources = { name, namespace, labels: metadata.labels };
    const secrets =
      Object.keys(secretEnv).length === 0 ? undefined : new ContainerSecrets({ ...sources, values: secretEnv }, parent);
    const mounted =
      Object.keys(files).length === 0
        ? undefined
        : new ContainerFiles({ ...sources, files, folder: args.folder ?? "." }, parent);
    const spec = deployment(args, workload, account.metadata.name, secrets, mounted);
    new k8s.apps.v1.Deployment(
      id,
      { metadata, spec },
      {
        ...parent,
        // No pod may become ready before its Service exists.
        dependsOn: services,
        customTimeouts: rolloutLimits(service, workload).customTimeouts,
        // Pulumi then applies the number that there is, until something else has set one, and none from then on.
        ignoreChanges: service.replicas === "autoscaled" ? ["spec.replicas"] : undefined,
      },
    );
    if (replicas > 1) {
      const spec = { maxUnavailable: 1, selector: { matchLabels: selectorLabels(name) } };
      new k8s.policy.v1.PodDisruptionBudget(id, { metadata, spec }, parent);
    }
    this.address = service.ingress ? this.exposed(id, args, service.ingress, services) : pulumi.output(undefined);
    if (egress.length > 0) {
      const podSelector = { matchLabels: selectorLabels(name) };
      const spec = { podSelector, policyTypes: ["Egress"], egress: egress.map(egressRule) };
      const policy = { ...metadata, name: `${name}-egress` };
      new k8s.networking.v1.NetworkPolicy(`${id}-egress`, { metadata: policy, spec }, parent);
    }
    this.registerOutputs();
  }

  private exposed(
    id: string,
    { service: { name, namespace }, ingress: shape = {}, controller }: MicroserviceArgs,
    rule: IngressRule,
    services: pulumi.Resource[],
  ): pulumi.Output<string | undefined> {
    const labels = appLabels(name, "service");
    const annotations = shape.hasAddress === false ? { ...shape.annotations, ...skipAwait } : shape.annotations;
    const dependsOn = controller === undefined ? services : [...services, controller];
    const { status } = new k8s.networking.v1.Ingress(
      id,
      { metadata: { name, namespace, labels, annotations }, spec: ingressSpec(name, rule, shape) },
      { parent: this, dependsOn, customTimeouts: shape.hasAddress === undefined ? undefined : addressTimeouts },
    );
    return (status as pulumi.Output<GivenAddress | undefined>).apply(firstAddressOf);
  }

  private serviceOf(
    id: string,
    metadata: { name: string; namespace: string; labels: Record<string, string> },
    workload: Workload,
  ): k8s.core.v1.Service {
    const spec = {
      selector: selectorLabels(metadata.name),
      ports: workload.ports.flatMap((port) => servicePorts(port, workload)),
    };
    return new k8s.core.v1.Service(id, { metadata: { ...metadata, annotations: skipAwait }, spec }, { parent: this });
  }
}

/** The Service's ports that lead to a port of the container: its own number and, for the first that speaks HTTP, 80. */
function servicePorts(
  { name, port, protocol, target }: WorkloadPort,
  workload: Workload,
): k8s.types.input.core.v1.ServicePort[] {
  // Kubernetes' own default is left out, as states of earlier versions have it.
  const own = { port, targetPort: target, protocol: protocol === "TCP" ? undefined : protocol };
  if (port !== workload.httpPort || protocol !== "TCP" || port === httpPort) return [{ name, ...own }];
  return [
    { name, port: httpPort, targetPort: target },
    { name: `${name}-direct`, ...own },
  ];
}

function deployment(
  { service, image, pullSecret }: MicroserviceArgs,
  workload: Workload,
  serviceAccountName: pulumi.Input<string>,
  secrets: ContainerSecrets | undefined,
  files: ContainerFiles | undefined,
): k8s.types.input.apps.v1.DeploymentSpec {
  const matchLabels = selectorLabels(service.name);
  const { security = "restricted", writable = [] } = service;
  const folders = writable.map((mountPath, index) => ({ name: `writable-${index}`, mountPath }));
  const volumes = [...folders.map(({ name }) => ({ name, emptyDir: {} })), ...(files?.volumes ?? [])];
  const volumeMounts = [...folders, ...(files?.volumeMounts ?? [])];
  return {
    replicas: initialReplicas(service.replicas),
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: rolloutLimits(service, workload).progressDeadlineSeconds,
    strategy: allAtOnce,
    selector: { matchLabels },
    template: {
      metadata: { labels: appLabels(service.name, "service") },
      spec: {
        ...podDefaults(matchLabels),
        securityContext: podSecurity(security, userOf(service)),
        serviceAccountName,
        imagePullSecrets: pullSecret === undefined ? undefined : [{ name: pullSecret }],
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: leaveSeconds + drainSeconds,
        volumes: volumes.length === 0 ? undefined : volumes,
        containers: [
          {
            ...container(service, workload, secrets),
            image,
            securityContext: containerSecurity(security, userOf(service)),
            volumeMounts: volumeMounts.length === 0 ? undefined : volumeMounts,
          },
        ],
      },
    },
  };
}

/** The container's user; undefined: the image's own. */
const userOf = (service: ServiceConfig): number | undefined =>
  service.runAsUser ?? (identityOf(service) === undefined ? undefined : nonroot);

function container(
  service: ServiceConfig,
  { ports, probes, resources }: Workload,
  secrets: ContainerSecrets | undefined,
): k8s.types.input.core.v1.Container {
  const { startup, readiness, liveness } = probes;
  return {
    name: "service",
    imagePullPolicy: "IfNotPresent",
    command: service.command,
    args: service.args,
    env: [...variables(service, ports), ...(secrets?.env ?? [])],
    ports: ports.map(({ name, port, protocol }) => ({
      name,
      containerPort: port,
      protocol: protocol === "TCP" ? undefined : protocol,
    })),
    startupProbe: startup && {
      ...probe(startup),
      periodSeconds: 1,
      failureThreshold: startup.withinSeconds ?? startSeconds,
      timeoutSeconds: 2,
    },
    readinessProbe: readiness && { ...probe(readiness), periodSeconds: 2, failureThreshold: 2, timeoutSeconds: 2 },
    livenessProbe: liveness && { ...probe(liveness), periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
    lifecycle: { preStop: { sleep: { seconds: leaveSeconds } } },
    resources: resources as k8s.types.input.core.v1.ResourceRequirements,
  };
}

const probe = ({ path, port }: WorkloadProbe): k8s.types.input.core.v1.Probe =>
  path === undefined ? { tcpSocket: { port } } : { httpGet: { path, port } };

/** The variables in plain. What the stack file says replaces what is there by itself. */
function variables(service: ServiceConfig, ports: readonly WorkloadPort[]): { name: string; value: string }[] {
  const identity = identityOf(service);
  const own = new Map<string, string>();
  if (ports[0] !== undefined) own.set("PORT", String(ports[0].port));
  if (identity !== undefined) {
    own.set("NAME", identity.name).set("CLUSTER", identity.cluster);
    const path = service.ingress?.path ?? "/";
    if (path !== "/") own.set("BASE_PATH", path);
  }
  for (const [name, value] of Object.entries(service.env ?? {})) own.set(name, value);
  for (const name of Object.keys(service.secretEnv ?? {})) own.delete(name);
  return [...own].map(([name, value]) => ({ name, value }));
}

function ingressSpec(
  name: string,
  { host: own, path }: IngressRule,
  { className, tlsSecret, host = own }: IngressShape,
): k8s.types.input.networking.v1.IngressSpec {
  const backend = { service: { name, port: { number: httpPort } } };
  return {
    ingressClassName: className,
    rules: [{ host: own ?? host, http: { paths: [{ path, pathType: "Prefix", backend }] } }],
    tls: tlsSecret === undefined ? undefined : [{ hosts: tlsHosts(own ?? host), secretName: tlsSecret }],
  };
}

const tlsHosts = (host: string | undefined) => (host === undefined ? undefined : [host]);
