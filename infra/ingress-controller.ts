import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { httpPort } from "../config/workload.ts";
import type { ClusterNamespaces, ImageRegistry, IngressControllerShape } from "./cluster/cluster.ts";
import { addressTimeouts, firstAddressOf, type GivenAddress } from "./manifest/given-address.ts";
import { appLabels, selectorLabels } from "./manifest/labels.ts";
import { allAtOnce, podDefaults } from "./manifest/pod-defaults.ts";
import { ingressControllerReplicas, podRequests } from "./manifest/pod-requests.ts";
import { enforce, restrictedContainer } from "./manifest/pod-security.ts";
import { skipAwait } from "./manifest/skip-await.ts";
import { skipperArgs, skipperLiveness, skipperProgressDeadlineSeconds, skipperTimeouts } from "./manifest/skipper.ts";
import { componentType } from "./pulumi/component-type.ts";

export interface IngressControllerArgs extends IngressControllerShape {
  /** Skipper's image. */
  image: pulumi.Input<string>;
  /** What is done about the namespaces of its cluster. */
  namespaces: ClusterNamespaces;
  /** The Secret by which its pods pull the image, in its namespace. @default the nodes can pull by themselves */
  pullSecret?: ImageRegistry["pullSecret"];
}

const name = "skipper";
const listenPort = 9999;

/** Skipper as the ingress controller: it serves every Ingress on a port of every node, and writes their status. */
export class IngressController extends pulumi.ComponentResource {
  /** The name or address of its load balancer; none of one without, or while nobody waits for it. */
  readonly address: pulumi.Output<string | undefined>;

  constructor(args: IngressControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(componentType("IngressController"), name, {}, opts);
    const { namespace } = args;
    const made = args.namespaces.make(namespace, enforce("restricted"), { parent: this });
    const parent = { parent: this, dependsOn: made === undefined ? [] : [made] };
    const labels = appLabels(name, "ingress-controller");
    const metadata = { name, namespace, labels };

    const account = new k8s.core.v1.ServiceAccount(name, { metadata }, parent);
    const role = new k8s.rbac.v1.ClusterRole(
      name,
      { metadata: { name: namespace, labels }, rules: rulesFor(args) },
      parent,
    );
    const binding = new k8s.rbac.v1.ClusterRoleBinding(
      name,
      {
        metadata: { name: namespace, labels },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
      },
      parent,
    );

    new k8s.networking.v1.NetworkPolicy(
      name,
      {
        metadata,
        spec: {
          podSelector: {},
          policyTypes: ["Ingress"],
          ingress: [{ ports: [{ protocol: "TCP", port: listenPort }] }],
        },
      },
      parent,
    );
    new k8s.apps.v1.Deployment(
      name,
      { metadata, spec: deployment(args, labels, args.pullSecret?.(namespace, parent)) },
      { ...parent, dependsOn: [...parent.dependsOn, binding], customTimeouts: skipperTimeouts },
    );
    const { status } = new k8s.core.v1.Service(
      name,
      {
        metadata: { ...metadata, annotations: args.hasAddress === true ? undefined : skipAwait },
        spec: {
          type: args.nodePort === undefined ? "LoadBalancer" : "NodePort",
          ipFamilyPolicy: "PreferDualStack",
          selector: selectorLabels(name),
          ports: [{ name: "http", port: httpPort, targetPort: listenPort, nodePort: args.nodePort }],
        },
      },
      { ...parent, customTimeouts: args.hasAddress === true ? addressTimeouts : undefined },
    );
    this.address = (status as pulumi.Output<GivenAddress | undefined>).apply(firstAddressOf);
    if (args.className !== undefined) {
      const spec = { controller: "zalando.org/skipper" };
      new k8s.networking.v1.IngressClass(name, { metadata: { name: args.className, labels }, spec }, parent);
    }
    this.registerOutputs();
  }
}

/** It only reads, except for the status of Ingresses in clusters where all of them are ours. */
const rulesFor = ({ className }: IngressControllerArgs) =>
  className === undefined ? rules : rules.filter(({ resources }) => resources !== statusOfIngresses);

const statusOfIngresses = ["ingresses/status"];

const rules: k8s.types.input.rbac.v1.PolicyRule[] = [
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: ["get", "list"] },
  { apiGroups: ["networking.k8s.io"], resources: statusOfIngresses, verbs: ["patch"] },
  { apiGroups: [""], resources: ["services"], verbs: ["get", "list"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list"] },
];

/** @see https://opensource.zalando.com/skipper/kubernetes/ingress-controller/ */
const deployment = (
  { image, namespace, className }: IngressControllerArgs,
  labels: Record<string, string>,
  pullSecret: pulumi.Input<string> | undefined,
): k8s.types.input.apps.v1.DeploymentSpec => ({
  replicas: ingressControllerReplicas,
  progressDeadlineSeconds: skipperProgressDeadlineSeconds,
  selector: { matchLabels: selectorLabels(name) },
  strategy: allAtOnce,
  template: {
    metadata: { labels },
    spec: {
      ...podDefaults(selectorLabels(name)),
      serviceAccountName: name,
      imagePullSecrets: pullSecret === undefined ? undefined : [{ name: pullSecret }],
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          name,
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["skipper"],
          args: [
            "-kubernetes",
            "-kubernetes-in-cluster",
            "-enable-kubernetes-endpointslices",
            "-kubernetes-path-mode=path-prefix",
            "-kubernetes-https-redirect=false",
            "-proxy-preserve-host",
            className === undefined
              ? `-kubernetes-status-from-service=${namespace}/${name}`
              : `-kubernetes-ingress-class=^${className}$`,
            ...skipperArgs(listenPort),
            // Ready only once it knows the routes; then it looks for changes every second (in milliseconds).
            "-wait-first-route-load",
            "-source-poll-timeout=1000",
          ],
          ports: [{ name: "http", containerPort: listenPort }],
          readinessProbe: {
            httpGet: { path: "/kube-system/healthz", port: listenPort },
            periodSeconds: 1,
            timeoutSeconds: 2,
          },
          livenessProbe: skipperLiveness,
          resources: {
            requests: podRequests.ingressController,
            limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "64Mi" },
          },
          securityContext: restrictedContainer,
        },
      ],
    },
  },
});
