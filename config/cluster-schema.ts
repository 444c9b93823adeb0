import { z } from "zod";
import { isPlainObject } from "../host/plain-object.ts";
import { clusterNameProblem, isDnsName } from "./check-names.ts";
import { isSecure, plainSecretProblem, type SecureValue } from "./check-service-values.ts";
import { certificateProblem, kindProblem, lineProblem, oneOf, text, trueOrFalse, wholeNumber } from "./check-values.ts";
import type { IpFamily } from "./cluster-config.ts";
import type { ExistingClusterConfig } from "./existing-cluster-config.ts";
import { highestHttpPort, registryPortOffset } from "./host-ports.ts";
import { block, leaf, map } from "./schema-blocks.ts";
import { show } from "./wording.ts";

/** The most workers of a cluster: its pods' addresses (10.244.0.0/16) are enough for 256 nodes. */
const mostWorkers = 255;

const ipFamily = leaf<"ipv4" | "dual">(oneOf(["ipv4", "dual"])).optional();

const kindCluster = block(
  {
    name: leaf<string>(text('a cluster\'s name such as "cluster1"', clusterNameProblem)),
    httpPort: leaf<number>(wholeNumber(1, highestHttpPort, ` (the registry listens ${registryPortOffset} above it)`)),
    workers: leaf<number>(wholeNumber(0, mostWorkers)).default(0),
    ipFamily,
  },
  "a cluster",
  "cluster: { name: cluster1, httpPort: 80 }",
);

const registryExample = "{ host: registry.example.com/acme }";

/** What is wrong with what image names start with. */
function registryHostProblem(host: string): string | undefined {
  const isHost = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/i.test(host);
  // Docker takes a first part without a dot or a port for a user of Docker Hub.
  const hasRegistry = /^(localhost|[^/]*[.:][^/]*)(\/|$)/.test(host);
  if (isHost && hasRegistry) return undefined;
  return `${show(host)} is not a registry: write its host, and a path if there is one, such as registry.example.com/acme`;
}

/** What is wrong with the name of an object that is no Service. */
function objectNameProblem(name: string): string | undefined {
  if (isDnsName(name)) return undefined;
  return `${show(name)} is not a name in Kubernetes: write lower-case letters, digits, "-" and ".", such as "my-secret"`;
}

const secretName = (example: string) => leaf<string>(text(`a Secret's name such as "${example}"`, objectNameProblem));

const password = z.custom<SecureValue>(isSecure, {
  error: ({ input }) => {
    if (typeof input === "object" && input !== null) return kindProblem({}, "an encrypted text", "{ secure: … }");
    return plainSecret("identity:cluster.registry.password");
  },
});

const registry = block(
  {
    host: leaf<string>(text('a registry such as "registry.example.com/acme"', registryHostProblem)),
    login: leaf<"docker">(oneOf(["docker"])).optional(),
    user: leaf<string>(text('a user such as "deploy"', lineProblem)).optional(),
    password: password.optional(),
    pullSecret: secretName("registry").optional(),
    caCertificate: leaf<string>(text("a certificate's PEM text", certificateProblem)).optional(),
    plainHttp: leaf<boolean>(trueOrFalse).optional(),
  },
  "a registry",
  registryExample,
);

/** What is wrong with the name of an annotation. */
function annotationProblem(name: string): string | undefined {
  const [prefix, rest] = name.includes("/")
    ? [name.slice(0, name.indexOf("/")), name.slice(name.indexOf("/") + 1)]
    : ["", name];
  const isName = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(rest) && (prefix === "" || isDnsName(prefix));
  return isName ? undefined : `${show(name)} is not an annotation: write one such as cert-manager.io/cluster-issuer`;
}

const ingressExample = '{ class: nginx }, "ours" or "none"';

const ingressClass = block(
  {
    class: leaf<string>(text('an IngressClass such as "nginx"', objectNameProblem)).optional(),
    tlsSecret: secretName("web-tls").optional(),
    annotations: map(
      annotationProblem,
      leaf<string>(text("text, in quotes")),
      "a map",
      "annotations: { cert-manager.io/cluster-issuer: letsencrypt }",
    ).optional(),
    caCertificate: leaf<string>(text("a certificate's PEM text", certificateProblem)).optional(),
  },
  "an ingress",
  ingressExample,
);

/** A path, or a text that Pulumi encrypted. Plain text of a kubeconfig is never shown. */
const kubeconfig = z.custom<string | SecureValue>((value) => isSecure(value) || kubeconfigPath(value) === undefined, {
  error: ({ input }) => kubeconfigPath(input) ?? "",
});

function kubeconfigPath(value: unknown): string | undefined {
  const isContent = typeof value === "string" && /\n|^\s*\{/.test(value);
  if (isContent) return plainSecret("identity:cluster.kubeconfig");
  return text("a kubeconfig file such as ./eu.yaml", lineProblem)(value);
}

const plainSecret = (path: string): string => plainSecretProblem("it", path).replace(/, or write it to env.*$/, "");

const existingCluster = block(
  {
    context: leaf<string>(text('a kubeconfig\'s context such as "prod-eu"', lineProblem)),
    kubeconfig: kubeconfig.optional(),
    registry: registry.optional(),
    ingress: z
      .custom<ExistingClusterConfig["ingress"]>()
      .superRefine((value, context) => {
        if (value === "none" || value === "ours") return;
        const { error } = ingressClass.safeParse(value);
        for (const { path: at, message } of error?.issues ?? [])
          context.addIssue({ code: "custom", path: at, message });
      })
      .default({}),
    policies: leaf<ExistingClusterConfig["policies"]>(oneOf(["made", "all", "none"])).default("made"),
    ipFamily: leaf<IpFamily>(oneOf(["ipv4", "ipv6", "dual"])).optional(),
  },
  "a cluster",
  "cluster: { context: prod-eu }",
);

type ExistingSchema = z.output<typeof existingCluster>;

/** Whether what is written is a cluster that exists. */
export const isExisting = (cluster: unknown): cluster is ExistingSchema =>
  isPlainObject(cluster) && "context" in cluster;

/** A cluster as it is written, once each value is right by itself. */
export type ClusterSchema = z.output<typeof kindCluster> | ExistingSchema;

/** A cluster that kind makes or, if a context is written, one that exists. */
export const cluster = z.unknown().transform((value, context): ClusterSchema => {
  const { data, error } = (isExisting(value) ? existingCluster : kindCluster).safeParse(value);
  for (const { path: at, message } of error?.issues ?? []) {
    context.addIssue({ code: "custom", path: [...at], message });
  }
  return data ?? z.NEVER;
});
