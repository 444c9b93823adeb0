import type { RecordedObject } from "../../../../fleet/drift/recorded.ts";

const labels = {
  "app.kubernetes.io/name": "identity",
  "app.kubernetes.io/component": "service",
  "app.kubernetes.io/part-of": "fleet",
};
const annotations = { "pulumi.com/patchForce": "true" };

/** A Deployment as Pulumi records it, with some of the API server's defaults. */
export const deployment: RecordedObject = {
  urn: "urn:pulumi:staging::identity::fleet:index:Microservice$kubernetes:apps/v1:Deployment::test-namespace/identity",
  apiVersion: "apps/v1",
  kind: "Deployment",
  namespace: "test-namespace",
  name: "identity",
  uid: "uid-1",
  inputs: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "identity", namespace: "test-namespace", labels, annotations },
    spec: {
      replicas: 2,
      selector: { matchLabels: { "app.kubernetes.io/name": "identity" } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { name: "service", image: "localhost:5080/identity@sha256:1", env: [{ name: "PORT", value: "5000" }] },
          ],
        },
      },
    },
  },
  outputs: {
    __initialApiVersion: "apps/v1",
    __fieldManager: "kind-fleet",
    __inputs: { kind: "Deployment" },
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "identity",
      namespace: "test-namespace",
      uid: "uid-1",
      resourceVersion: "7",
      generation: 1,
      labels,
      annotations: { ...annotations, "deployment.kubernetes.io/revision": "1" },
    },
    spec: {
      replicas: 2,
      progressDeadlineSeconds: 75,
      selector: { matchLabels: { "app.kubernetes.io/name": "identity" } },
      template: {
        metadata: { labels },
        spec: {
          dnsPolicy: "ClusterFirst",
          containers: [
            {
              name: "service",
              image: "localhost:5080/identity@sha256:1",
              env: [{ name: "PORT", value: "5000" }],
              terminationMessagePath: "/dev/termination-log",
            },
          ],
        },
      },
    },
    status: { replicas: 2 },
  },
};

const policySpec = {
  podSelector: {},
  policyTypes: ["Ingress"],
  ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 5000 }] }],
};

/** A NetworkPolicy as Pulumi records it. */
export const networkPolicy: RecordedObject = {
  urn: "urn:pulumi:staging::identity::kubernetes:networking.k8s.io/v1:NetworkPolicy::test-namespace-allow-services",
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  namespace: "test-namespace",
  name: "allow-services",
  uid: "uid-2",
  inputs: { metadata: { name: "allow-services", annotations }, spec: policySpec },
  outputs: {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "allow-services", namespace: "test-namespace", uid: "uid-2", annotations },
    spec: policySpec,
  },
};

/** A Namespace as Pulumi records it. */
export const namespace: RecordedObject = {
  urn: "urn:pulumi:staging::identity::kubernetes:core/v1:Namespace::test-namespace",
  apiVersion: "v1",
  kind: "Namespace",
  name: "test-namespace",
  uid: "uid-3",
  inputs: { metadata: { name: "test-namespace" } },
  outputs: {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "test-namespace", uid: "uid-3" },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  },
};
