import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { noAwait } from "./manifest/skip-await.ts";
import { appLabels, selectorLabels } from "./manifest/labels.ts";
import { enforceRestricted, restrictedContainer, restrictedPod, spreadOverNodes } from "./manifest/pod-security.ts";
import { skipperArgs, skipperLiveness } from "./manifest/skipper.ts";

/** The arguments of {@link IngressController}. */
export interface IngressControllerArgs {
  /** Skipper's image, for example `ghcr.io/zalando/skipper:v0.27.41`. */
  image: pulumi.Input<string>;
  /** The port of every node that leads to the controller. */
  nodePort: number;
}

const name = "skipper";
const namespaceName = "skipper-ingress";
const listenPort = 9999;

/** Skipper as the cluster's ingress controller: serves every Ingress on a port of every node, and writes its status. */
export class IngressController extends pulumi.ComponentResource {
  constructor(args: IngressControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:index:IngressController", name, {}, opts);
    const parent = { parent: this };
    const namespace = new k8s.core.v1.Namespace(
      namespaceName,
      { metadata: { name: namespaceName, labels: enforceRestricted } },
      parent,
    ).metadata.name;
    const labels = appLabels(name, "ingress-controller");
    const metadata = { name, namespace, labels };

    const account = new k8s.core.v1.ServiceAccount(name, { metadata }, parent);
    const role = new k8s.rbac.v1.ClusterRole(name, { metadata: { name: namespaceName, labels }, rules }, parent);
    const binding = new k8s.rbac.v1.ClusterRoleBinding(
      name,
      {
        metadata: { name: namespaceName, labels },
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
      { metadata, spec: deployment(args.image, labels) },
      { ...parent, dependsOn: [binding], customTimeouts: { create: "6m", update: "6m" } },
    );
    new k8s.core.v1.Service(
      name,
      {
        metadata: { ...metadata, annotations: noAwait },
        spec: {
          type: "NodePort",
          ipFamilyPolicy: "PreferDualStack",
          selector: selectorLabels(name),
          ports: [{ name: "http", port: 80, targetPort: listenPort, nodePort: args.nodePort }],
        },
      },
      parent,
    );
    this.registerOutputs();
  }
}

/** What Skipper reads, and the one thing that it writes. */
const rules: k8s.types.input.rbac.v1.PolicyRule[] = [
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: ["get", "list"] },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses/status"], verbs: ["patch"] },
  { apiGroups: [""], resources: ["services"], verbs: ["get", "list"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list"] },
];

/** @see https://opensource.zalando.com/skipper/kubernetes/ingress-controller/ */
const deployment = (
  image: pulumi.Input<string>,
  labels: Record<string, string>,
): k8s.types.input.apps.v1.DeploymentSpec => ({
  replicas: 1,
  progressDeadlineSeconds: 300, // the node may have to pull the image, over a slow line
  selector: { matchLabels: selectorLabels(name) },
  strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  template: {
    metadata: { labels },
    spec: {
      serviceAccountName: name,
      enableServiceLinks: false,
      securityContext: restrictedPod,
      topologySpreadConstraints: spreadOverNodes(selectorLabels(name)),
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
            `-kubernetes-status-from-service=${namespaceName}/${name}`,
            ...skipperArgs(listenPort),
            // Ready only once it knows the routes, and soon with what has changed since.
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
            requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "16Mi" },
            limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "64Mi" },
          },
          securityContext: restrictedContainer,
        },
      ],
    },
  },
});
