import { z } from "zod";
import {
  clusterNameProblem,
  hostProblem,
  namespaceProblem,
  pathProblem,
  plainHostProblem,
  serviceNameProblem,
  serviceReferenceProblem,
} from "./check-names.ts";
import {
  certificateProblem,
  type Check,
  encryptedProblem,
  imageProblem,
  kindProblem,
  lineProblem,
  oneOf,
  text,
  urlProblem,
  wholeNumber,
  wholeNumberOr,
} from "./check-values.ts";
import { highestHttpPort, registryPortOffset } from "./host-ports.ts";
import { type LinkWay, linkWays } from "./link-plan.ts";
import { containsProblem, jsonProblem, provePathProblem } from "./prove-config.ts";
import { defaultReplicas, type Replicas } from "./replicas.ts";
import { isStackReference } from "./stack-name.ts";
import { nearest, show } from "./wording.ts";

/** The most workers of a cluster: its pods' addresses (10.244.0.0/16) are enough for 256 nodes. */
const mostWorkers = 255;

/** A value that a check accepts or refuses. */
const leaf = <T>(check: Check) =>
  z.custom<T>((value) => check(value) === undefined, { error: ({ input }) => check(input) ?? "" });

/** A key that a block doesn't have. Each one is a problem of its own, at the key. */
const unknownKey = (known: readonly string[]) =>
  z.custom<unknown>(() => false, {
    error: ({ path = [] }) => {
      const key = String(path.at(-1));
      if (key === "secure") return encryptedProblem;
      const guess = nearest(key, known);
      const hint = guess === undefined ? `known here are ${known.join(", ")}` : `did you mean ${show(guess)}?`;
      return `unknown key: ${hint}`;
    },
  });

/** Keys and values, with no other keys than those of the shape. */
const block = <S extends z.core.$ZodLooseShape>(shape: S, wanted: string, example: string) =>
  z
    .object(shape, { error: ({ input }) => kindProblem(input, wanted, example) })
    .catchall(unknownKey(Object.keys(shape)));

const list = <T extends z.ZodType>(item: T, example: string) =>
  z.array(item, { error: ({ input }) => kindProblem(input, "a list", example) });

function stackNameProblem(name: string): string | undefined {
  if (isStackReference(name)) return undefined;
  const example = 'one such as "staging", or in full "organization/project/staging"';
  return `${show(name)} is not a stack's name: write ${example}`;
}

const namespace = leaf<string>(text('a namespace such as "test-namespace"', namespaceProblem));

const cluster = block(
  {
    name: leaf<string>(text('a cluster\'s name such as "cluster1"', clusterNameProblem)),
    httpPort: leaf<number>(wholeNumber(1, highestHttpPort, ` (the registry listens ${registryPortOffset} above it)`)),
    workers: leaf<number>(wholeNumber(0, mostWorkers)).default(0),
    ipFamily: leaf<"ipv4" | "dual">(oneOf(["ipv4", "dual"])).optional(),
  },
  "a cluster",
  "cluster: { name: cluster1, httpPort: 80 }",
);

const ingress = block(
  {
    host: leaf<string>(text('a host name such as "identity.example.com"', hostProblem)).optional(),
    path: leaf<string>(text('a path such as "/"', pathProblem)).default("/"),
  },
  "an ingress",
  "true, false, or { host: identity.example.com, path: / }",
).optional();

/** `true` stands for the rule without a host for every path, `false` for no rule. */
const expandSwitch = (value: unknown): unknown => {
  if (value === true) return {};
  return value === false ? undefined : value;
};

const prove = block(
  {
    path: leaf<string>(text('a path such as "/health"', provePathProblem)).optional(),
    status: leaf<number>(wholeNumber(200, 599)).optional(),
    contains: leaf<string>(text('a text such as "hello"', containsProblem)).optional(),
    json: leaf<unknown>(jsonProblem).optional(),
  },
  "a description of an answer",
  "{ path: /, status: 200, contains: hello }, or { path: /, json: { name: web } }",
);

const serviceExample = "{ name: identity, namespace: test-namespace }";

const service = block(
  {
    name: leaf<string>(text('a name such as "identity"', serviceNameProblem)),
    namespace,
    image: leaf<string>(text('an image such as "registry.example.com/identity:1.0"', imageProblem)).optional(),
    replicas: leaf<Replicas>(wholeNumberOr("autoscaled", 1)).default(defaultReplicas),
    applicationName: leaf<string>(text('a name such as "internal"', lineProblem)).optional(),
    applicationCluster: leaf<string>(text('a name such as "development"', lineProblem)).optional(),
    ingress: z.preprocess(expandSwitch, ingress),
    prove: prove.optional(),
  },
  "a service",
  serviceExample,
);

const identity = block(
  {
    name: leaf<string>(text('the name that the service answers with, such as "identity"', lineProblem)),
    cluster: leaf<string>(text('the cluster that the service answers with, such as "staging"', lineProblem)),
  },
  "an identity",
  "{ name: identity, cluster: staging }",
);

const peerExample = "{ alias: cluster2-service1, namespace: test-namespace, stack: staging }";

const peer = block(
  {
    alias: leaf<string>(text('a name such as "cluster2-service1"', serviceNameProblem)),
    namespace,
    stack: leaf<string>(text('a stack\'s name such as "staging"', stackNameProblem)).optional(),
    service: leaf<string>(text('a service such as "shop/web"', serviceReferenceProblem)).optional(),
    // Whether a URL is right depends on `via`, so check-rules.ts checks it.
    url: leaf<string>(text('a URL such as "http://cluster2-control-plane"')).optional(),
    via: leaf<LinkWay>(oneOf(linkWays)).optional(),
    whenAbsent: leaf<"fail" | "omit">(oneOf(["fail", "omit"])).default("fail"),
    host: leaf<string>(text('a host name such as "shop.example.com"', plainHostProblem)).optional(),
    expect: identity.optional(),
    prove: prove.optional(),
    caCertificate: leaf<string>(text("a certificate's PEM text", certificateProblem)).optional(),
  },
  "a peer",
  peerExample,
);

/** The shape of a stack's configuration: what each value must be by itself. check-rules.ts looks at them together. */
export const stackSchema = block(
  {
    cluster,
    services: list(service, `services: [${serviceExample}]`),
    peers: list(peer, `peers: [${peerExample}], or leave it out`).default([]),
    exposedUrl: leaf<string>(text('a URL such as "http://cluster2-control-plane"', urlProblem)).optional(),
  },
  "a stack's configuration",
  "cluster and services",
);
