// A Redis beside the stack's services. Copy it to stacks/<stack>.extra.ts, or to stacks/all.extra.ts for every stack.
import * as k8s from "@pulumi/kubernetes";
import type { ExtraContext } from "../stacks/extra.ts";

const namespace = "shop";
const labels = { "app.kubernetes.io/name": "redis" };

export default function redis({ options, namespace: namespaceOf }: ExtraContext): void {
  const inNamespace = { ...options, dependsOn: [namespaceOf(namespace)] };
  const metadata = { name: "redis", namespace, labels };
  new k8s.apps.v1.StatefulSet(
    "redis",
    {
      metadata,
      spec: {
        serviceName: "redis",
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 999,
              fsGroup: 999,
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
              {
                name: "redis",
                image: "redis:8",
                ports: [{ containerPort: 6379 }],
                readinessProbe: { tcpSocket: { port: 6379 } },
                resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "128Mi" } },
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                volumeMounts: [{ name: "data", mountPath: "/data" }],
              },
            ],
          },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        ],
      },
    },
    inNamespace,
  );
  new k8s.core.v1.Service("redis", { metadata, spec: { selector: labels, ports: [{ port: 6379 }] } }, inNamespace);
  // Every namespace denies what nobody allows: this lets the services of the namespace call it, and it nobody.
  new k8s.networking.v1.NetworkPolicy(
    "redis",
    {
      metadata,
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 6379 }] }],
      },
    },
    inNamespace,
  );
  new k8s.networking.v1.NetworkPolicy(
    "call-redis",
    {
      metadata: { ...metadata, name: "call-redis" },
      spec: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ to: [{ podSelector: { matchLabels: labels } }], ports: [{ port: 6379 }] }],
      },
    },
    inNamespace,
  );
}
