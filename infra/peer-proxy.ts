import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { appLabels, selectorLabels } from "./labels.ts";
import { servicePort } from "./microservice.ts";
import { restrictedContainer, restrictedPod, spreadOverNodes } from "./security.ts";

/** The port that the proxy's pods listen on: the services' own, which the namespaces' policies let through. */
export const proxyPort = servicePort;

/** Skipper's port for its metrics, which also says that it runs, whatever the target does. */
const supportPort = 9911;

/** The arguments of {@link PeerProxy}. */
export interface PeerProxyArgs {
  /** The Deployment's name. */
  alias: string;
  namespace: string;
  /** Where every request goes; its host name is what the target sees, in Host and in TLS' SNI. */
  url: string;
  /** Skipper's image. */
  proxyImage: pulumi.Input<string>;
}

/** A proxy in the cluster that calls: Skipper with one route, to one target, whose certificate it verifies. */
export class PeerProxy extends pulumi.ComponentResource {
  constructor(args: PeerProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    const { alias: name, namespace } = args;
    const id = `${namespace}/${name}`;
    super("fleet:index:PeerProxy", id, {}, opts);
    const metadata = { name, namespace, labels: appLabels(name, "proxy") };
    const account = new k8s.core.v1.ServiceAccount(id, { metadata, automountServiceAccountToken: false }, { parent: this });
    new k8s.apps.v1.Deployment(id, { metadata, spec: deployment(args, account.metadata.name) }, { parent: this, customTimeouts: { create: "3m", update: "85s" } });
    new k8s.policy.v1.PodDisruptionBudget(id, { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(name) } } }, { parent: this });
    this.registerOutputs();
  }
}

function deployment({ alias: name, url, proxyImage }: PeerProxyArgs, serviceAccountName: pulumi.Input<string>): k8s.types.input.apps.v1.DeploymentSpec {
  const matchLabels = selectorLabels(name);
  return {
    replicas: 2,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: 75,
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
        containers: [{
          name: "proxy",
          image: proxyImage,
          imagePullPolicy: "IfNotPresent",
          command: ["skipper"],
          args: [
            `-address=:${proxyPort}`,
            `-inline-routes=peer: * -> "${url}"`,
            `-support-listener=:${supportPort}`,
            "-wait-for-healthcheck-interval=5s",
            "-access-log-disabled",
          ],
          ports: [{ name: "http", containerPort: proxyPort }],
          startupProbe: { tcpSocket: { port: proxyPort }, periodSeconds: 1, failureThreshold: 60 },
          readinessProbe: { tcpSocket: { port: proxyPort }, periodSeconds: 2, failureThreshold: 2 },
          // Not the target's health: a proxy whose target is away is not mended by starting it again.
          livenessProbe: { httpGet: { path: "/metrics", port: supportPort }, periodSeconds: 10, timeoutSeconds: 5 },
          resources: {
            requests: { cpu: "25m", memory: "48Mi", "ephemeral-storage": "16Mi" },
            limits: { cpu: "1", memory: "192Mi", "ephemeral-storage": "64Mi" },
          },
          securityContext: restrictedContainer,
        }],
      },
    },
  };
}
