import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { appLabels, selectorLabels } from "./manifest/labels.ts";
import { servicePort } from "./microservice.ts";
import { restrictedContainer, restrictedPod, spreadOverNodes } from "./manifest/pod-security.ts";
import { skipperArgs, skipperLiveness } from "./manifest/skipper.ts";

/** The port that the proxy's pods listen on: the services' own, which the namespaces' policies let through. */
export const proxyPort = servicePort;

/** The arguments of {@link PeerProxy}. */
export interface PeerProxyArgs {
  /** The Deployment's name. */
  alias: string;
  namespace: string;
  /** Where every request goes; its host name is what the target sees, in Host and in TLS' SNI. */
  url: string;
  /** Skipper's image. */
  proxyImage: pulumi.Input<string>;
  /** The authority, as PEM, that it trusts beside those of its image. @default none */
  caCertificate?: string;
}

/** A proxy in the cluster that calls: Skipper with one route, to one target, whose certificate it verifies. */
export class PeerProxy extends pulumi.ComponentResource {
  constructor(args: PeerProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    const { alias: name, namespace } = args;
    const id = `${namespace}/${name}`;
    super("fleet:index:PeerProxy", id, {}, opts);
    const metadata = { name, namespace, labels: appLabels(name, "proxy") };
    const account = new k8s.core.v1.ServiceAccount(
      id,
      { metadata, automountServiceAccountToken: false },
      { parent: this },
    );
    const authority = args.caCertificate === undefined ? undefined : this.authority(args.caCertificate, metadata);
    new k8s.apps.v1.Deployment(
      id,
      { metadata, spec: deployment(args, account.metadata.name, authority) },
      { parent: this, customTimeouts: { create: "6m", update: "6m" } },
    );
    new k8s.policy.v1.PodDisruptionBudget(
      id,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(name) } } },
      { parent: this },
    );
    this.registerOutputs();
  }

  /** A certificate in a volume; another one has another name, so that the proxy rolls out with it. */
  private authority(
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

/** Where the authority's certificate is in the container. */
const authorityFolder = "/etc/peer-ca";

function deployment(
  { alias: name, url, proxyImage }: PeerProxyArgs,
  serviceAccountName: pulumi.Input<string>,
  authority: pulumi.Input<string> | undefined,
): k8s.types.input.apps.v1.DeploymentSpec {
  const matchLabels = selectorLabels(name);
  return {
    replicas: 2,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: 300, // the node may have to pull the image, over a slow line
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    selector: { matchLabels },
    template: {
      metadata: { labels: appLabels(name, "proxy") },
      spec: {
        serviceAccountName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: restrictedPod,
        topologySpreadConstraints: spreadOverNodes(matchLabels),
        terminationGracePeriodSeconds: 30,
        ...(authority === undefined ? {} : { volumes: [{ name: "ca", configMap: { name: authority } }] }),
        containers: [
          {
            name: "proxy",
            image: proxyImage,
            imagePullPolicy: "IfNotPresent",
            command: ["skipper"],
            args: [
              ...skipperArgs(proxyPort),
              `-inline-routes=peer: * -> "${url}"`,
              // A target that is away is told to the caller while it still listens.
              "-timeout-backend=10s",
              "-response-header-timeout-backend=30s",
              "-tls-timeout-backend=10s",
            ],
            ports: [{ name: "http", containerPort: proxyPort }],
            // Go trusts what is in this folder beside the image's own bundle.
            ...(authority === undefined
              ? {}
              : {
                  env: [{ name: "SSL_CERT_DIR", value: authorityFolder }],
                  volumeMounts: [{ name: "ca", mountPath: authorityFolder, readOnly: true }],
                }),
            startupProbe: { tcpSocket: { port: proxyPort }, periodSeconds: 1, failureThreshold: 60 },
            readinessProbe: { tcpSocket: { port: proxyPort }, periodSeconds: 2, failureThreshold: 2 },
            livenessProbe: skipperLiveness,
            resources: {
              requests: { cpu: "25m", memory: "48Mi", "ephemeral-storage": "16Mi" },
              limits: { cpu: "1", memory: "192Mi", "ephemeral-storage": "64Mi" },
            },
            securityContext: restrictedContainer,
          },
        ],
      },
    },
  };
}
