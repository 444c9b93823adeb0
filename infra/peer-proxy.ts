import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { IpFamily } from "../config/cluster-config.ts";
import type { LinkPlan } from "../config/link-plan.ts";
import { appLabels, selectorLabels } from "./manifest/labels.ts";
import { peerEgress } from "./manifest/peer-egress.ts";
import { allAtOnce, podDefaults } from "./manifest/pod-defaults.ts";
import { podRequests, proxyReplicas } from "./manifest/pod-requests.ts";
import { restrictedContainer } from "./manifest/pod-security.ts";
import { servicePort } from "./manifest/service-port.ts";
import { skipperArgs, skipperLiveness, skipperProgressDeadlineSeconds, skipperTimeouts } from "./manifest/skipper.ts";
import { componentType } from "./pulumi/component-type.ts";

/** The port that the proxy's pods listen on: the same as services', since the namespaces' policies allow that one. */
export const proxyPort = servicePort;

export interface PeerProxyArgs {
  /** The Deployment's name. */
  alias: string;
  namespace: string;
  /** Where every request goes. TLS's server name is the URL's host, and so is the Host header if not said otherwise. */
  target: LinkPlan;
  /** The address families of the cluster. @default IPv4 alone */
  ipFamily?: IpFamily;
  /** Skipper's image. */
  proxyImage: pulumi.Input<string>;
  /** The Secret by which the proxy's pods pull it. @default the nodes can pull it by themselves */
  pullSecret?: pulumi.Input<string>;
  /** A certificate authority, as PEM, that it trusts in addition to those of its image. @default none */
  caCertificate?: string;
}

/** A proxy in the calling cluster: Skipper with one route, to one target, whose certificate it verifies. */
export class PeerProxy extends pulumi.ComponentResource {
  constructor(args: PeerProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    const { alias: name, namespace } = args;
    const id = `${namespace}/${name}`;
    super(componentType("PeerProxy"), id, {}, opts);
    const metadata = { name, namespace, labels: appLabels(name, "proxy") };
    const account = new k8s.core.v1.ServiceAccount(
      id,
      { metadata, automountServiceAccountToken: false },
      { parent: this },
    );
    const authority = args.caCertificate === undefined ? undefined : this.configMapOf(args.caCertificate, metadata);
    // Only its own pods may leave the cluster.
    const policy = new k8s.networking.v1.NetworkPolicy(
      id,
      {
        metadata,
        spec: {
          podSelector: { matchLabels: selectorLabels(name) },
          policyTypes: ["Egress"],
          egress: [peerEgress(args.target, args.ipFamily)],
        },
      },
      { parent: this },
    );
    new k8s.apps.v1.Deployment(
      id,
      { metadata, spec: deployment(args, account.metadata.name, authority) },
      { parent: this, dependsOn: policy, customTimeouts: skipperTimeouts },
    );
    new k8s.policy.v1.PodDisruptionBudget(
      id,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(name) } } },
      { parent: this },
    );
    this.registerOutputs();
  }

  /** The authority's ConfigMap. Its name changes with the certificate, so that the proxy is rolled out with it. */
  private configMapOf(
    certificate: string,
    { name, namespace, labels }: { name: string; namespace: string; labels: Record<string, string> },
  ): pulumi.Output<string> {
    const hash = createHash("sha256").update(certificate).digest("hex").slice(0, 10);
    const metadata = { name: `${name}-ca-${hash}`, namespace, labels };
    return new k8s.core.v1.ConfigMap(
      `${namespace}/${metadata.name}`,
      { metadata, immutable: true, data: { "ca.crt": certificate } },
      { parent: this },
    ).metadata.name;
  }
}

/** Skipper's one route. Host names need no quoting. @see https://opensource.zalando.com/skipper/reference/filters/ */
function route({ url, hostHeader }: LinkPlan): string {
  const filters = hostHeader === undefined ? "" : `setRequestHeader("Host", "${hostHeader}") -> `;
  return `peer: * -> ${filters}"${url}"`;
}

/** The container's folder with the authority's certificate. */
const authorityFolder = "/etc/peer-ca";

function deployment(
  { alias: name, target, proxyImage, pullSecret }: PeerProxyArgs,
  serviceAccountName: pulumi.Input<string>,
  authority: pulumi.Output<string> | undefined,
): k8s.types.input.apps.v1.DeploymentSpec {
  const matchLabels = selectorLabels(name);
  return {
    replicas: proxyReplicas,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: skipperProgressDeadlineSeconds,
    strategy: allAtOnce,
    selector: { matchLabels },
    template: {
      metadata: { labels: appLabels(name, "proxy") },
      spec: {
        ...podDefaults(matchLabels),
        serviceAccountName,
        imagePullSecrets: pullSecret === undefined ? undefined : [{ name: pullSecret }],
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 30,
        volumes: authority === undefined ? undefined : [{ name: "ca", configMap: { name: authority } }],
        containers: [
          {
            name: "proxy",
            image: proxyImage,
            imagePullPolicy: "IfNotPresent",
            command: ["skipper"],
            args: [
              ...skipperArgs(proxyPort),
              `-inline-routes=${route(target)}`,
              // Shorter than callers' usual time-outs, so that they get an error status.
              "-timeout-backend=10s",
              "-response-header-timeout-backend=30s",
              "-tls-timeout-backend=10s",
            ],
            ports: [{ name: "http", containerPort: proxyPort }],
            // Go trusts the certificates in this folder in addition to the image's own bundle.
            env: authority === undefined ? undefined : [{ name: "SSL_CERT_DIR", value: authorityFolder }],
            volumeMounts:
              authority === undefined ? undefined : [{ name: "ca", mountPath: authorityFolder, readOnly: true }],
            startupProbe: { tcpSocket: { port: proxyPort }, periodSeconds: 1, failureThreshold: 60 },
            readinessProbe: { tcpSocket: { port: proxyPort }, periodSeconds: 2, failureThreshold: 2 },
            livenessProbe: skipperLiveness,
            resources: {
              requests: podRequests.proxy,
              limits: { cpu: "1", memory: "192Mi", "ephemeral-storage": "64Mi" },
            },
            securityContext: restrictedContainer,
          },
        ],
      },
    },
  };
}
