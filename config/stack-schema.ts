import { z } from "zod";
import { isStackReference } from "./stack-name.ts";
import { type LinkWay, linkWays } from "./link-plan.ts";
import {
  certificateFault,
  encrypted,
  type Fault,
  imageFault,
  lineFault,
  oneOf,
  text,
  urlFault,
  wholeNumber,
  wrongKind,
} from "./check-values.ts";
import { clusterNameFault, hostFault, namespaceFault, pathFault, serviceNameFault } from "./check-names.ts";
import { highestHttpPort, registryOffset } from "./cluster-config.ts";
import { nearest, show } from "./wording.ts";

/** As many workers as one machine can be expected to bear. */
const mostWorkers = 9;

/** A value that `fault` decides on. */
const leaf = <T>(fault: Fault) =>
  z.custom<T>((value) => fault(value) === undefined, { error: (issue) => fault(issue.input) ?? "" });

/** A key that a block doesn't have: one problem each, at the key. */
const unknownKey = (known: readonly string[]) =>
  z.custom<unknown>(() => false, {
    error: ({ path = [] }) => {
      const key = String(path.at(-1));
      if (key === "secure") return encrypted;
      const guess = nearest(key, known);
      return `unknown key: ${guess === undefined ? `known here are ${known.join(", ")}` : `did you mean ${show(guess)}?`}`;
    },
  });

/** Keys and values, none but those in `shape`. */
const block = <S extends z.core.$ZodLooseShape>(shape: S, wanted: string, example: string) =>
  z
    .object(shape, { error: (issue) => wrongKind(issue.input, wanted, example) })
    .catchall(unknownKey(Object.keys(shape)));

const list = <T extends z.ZodType>(item: T, example: string) =>
  z.array(item, { error: (issue) => wrongKind(issue.input, "a list", example) });

const stackNameFault = (name: string) =>
  isStackReference(name)
    ? undefined
    : `${show(name)} is not a stack's name: write one such as "staging", or in full "organization/project/staging"`;

const namespace = leaf<string>(text('a namespace such as "test-namespace"', namespaceFault));

const cluster = block(
  {
    name: leaf<string>(text('a cluster\'s name such as "cluster1"', clusterNameFault)),
    httpPort: leaf<number>(wholeNumber(1, highestHttpPort, ` (the registry listens ${registryOffset} above it)`)),
    workers: leaf<number>(wholeNumber(0, mostWorkers)).default(0),
    ipFamily: leaf<"ipv4" | "dual">(oneOf(["ipv4", "dual"])).optional(),
  },
  "a cluster",
  "cluster: { name: cluster1, httpPort: 80 }",
);

const ingress = block(
  {
    host: leaf<string>(text('a host name such as "identity.example.com"', hostFault)).optional(),
    path: leaf<string>(text('a path such as "/"', pathFault)).default("/"),
  },
  "an ingress",
  "true, false, or { host: identity.example.com, path: / }",
).optional();

/** `true` is the rule without a host for every path, `false` no rule. */
const ingressSwitch = (value: unknown): unknown => {
  if (value === true) return {};
  return value === false ? undefined : value;
};

const serviceExample = "{ name: identity, namespace: test-namespace }";

const service = block(
  {
    name: leaf<string>(text('a name such as "identity"', serviceNameFault)),
    namespace,
    image: leaf<string>(text('an image such as "registry.example.com/identity:1.0"', imageFault)).optional(),
    replicas: leaf<number>(wholeNumber(1)).default(2),
    applicationName: leaf<string>(text('a name such as "internal"', lineFault)).optional(),
    applicationCluster: leaf<string>(text('a name such as "development"', lineFault)).optional(),
    ingress: z.preprocess(ingressSwitch, ingress),
  },
  "a service",
  serviceExample,
);

const identity = block(
  {
    name: leaf<string>(text('the name that the service answers with, such as "identity"', lineFault)),
    cluster: leaf<string>(text('the cluster that the service answers with, such as "staging"', lineFault)),
  },
  "an identity",
  "{ name: identity, cluster: staging }",
);

const peerExample = "{ alias: cluster2-service1, namespace: test-namespace, stack: staging }";

const peer = block(
  {
    alias: leaf<string>(text('a name such as "cluster2-service1"', serviceNameFault)),
    namespace,
    stack: leaf<string>(text('a stack\'s name such as "staging"', stackNameFault)).optional(),
    // What the URL must be depends on `via`, so the rules between keys see to it.
    url: leaf<string>(text('a URL such as "http://cluster2-control-plane"')).optional(),
    via: leaf<LinkWay>(oneOf(linkWays)).optional(),
    whenAbsent: leaf<"fail" | "omit">(oneOf(["fail", "omit"])).default("fail"),
    expect: identity.optional(),
    caCertificate: leaf<string>(text("a certificate's PEM text", certificateFault)).optional(),
  },
  "a peer",
  peerExample,
);

/** The shape of a stack's configuration: what each value must be, whatever the others are. */
export const stackSchema = block(
  {
    cluster,
    services: list(service, `services: [${serviceExample}]`),
    peers: list(peer, `peers: [${peerExample}], or leave it out`).default([]),
    exposedUrl: leaf<string>(text('a URL such as "http://cluster2-control-plane"', urlFault)).optional(),
  },
  "a stack's configuration",
  "cluster and services",
);
