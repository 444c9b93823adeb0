import { z } from "zod";
import { isPlainObject } from "../host/plain-object.ts";
import { hostProblem, namespaceProblem, pathProblem, serviceNameProblem } from "./check-names.ts";
import {
  amount,
  containerPathProblem,
  cpuProblem,
  egressTargetProblem,
  isSecure,
  platformProblem,
  plainSecretProblem,
  portNameProblem,
  type SecureValue,
  sizeProblem,
  variableProblem,
  variableValue,
} from "./check-service-values.ts";
import { imageProblem, kindProblem, lineProblem, oneOf, text, wholeNumber, wholeNumberOr } from "./check-values.ts";
import { prove } from "./prove-schema.ts";
import type { Replicas } from "./replicas.ts";
import { block, leaf, list, map } from "./schema-blocks.ts";

/** An example of a service, for messages. */
export const serviceExample = "{ name: identity, namespace: test-namespace }";

const path = (example: string) => leaf<string>(text(`a path such as "${example}"`, pathProblem));
const portNumber = leaf<number>(wholeNumber(1, 65_535));
const someText = (example: string) => leaf<string>(text(example));

const variable = leaf<string | number | boolean>(variableValue).transform(String);
const argument = leaf<string | number>(variableValue).transform(String);

/** Text stands for a block with that text under one key. */
const shorthand =
  (key: string) =>
  (value: unknown): unknown =>
    typeof value === "string" ? { [key]: value } : value;

const build = z.preprocess(
  shorthand("context"),
  block(
    {
      context: someText("a folder such as ../web"),
      dockerfile: someText("a file such as Dockerfile").optional(),
      target: someText("a stage such as runtime").optional(),
      args: map(variableProblem, variable, "a map", "args: { VERSION: 1.2 }").optional(),
      platform: leaf<string>(text("a platform such as linux/amd64", platformProblem)).optional(),
    },
    "a build",
    "build: ../web, or { context, dockerfile, target, args, platform }",
  ),
);

const port = block(
  {
    name: leaf<string>(text('a name such as "http"', portNameProblem)),
    port: portNumber,
    protocol: leaf<"TCP" | "UDP">(oneOf(["TCP", "UDP"])).default("TCP"),
    appProtocol: someText("a protocol such as http").optional(),
  },
  "a port",
  "{ name: http, port: 8080 }",
);

/** `tcp` and `none` are the probes that need no more words. */
const expandProbe = (value: unknown): unknown => {
  if (value === "tcp") return {};
  return value === "none" ? null : value;
};

const probeShape = { path: path("/health").optional(), port: portNumber.optional() };
const probeExample = "{ path: /health }, tcp or none";
const probe = z.preprocess(expandProbe, block(probeShape, "a probe", probeExample).nullable());
const startupProbe = z.preprocess(
  expandProbe,
  block(
    { ...probeShape, withinSeconds: leaf<number>(wholeNumber(1, 3600)).optional() },
    "a probe",
    probeExample,
  ).nullable(),
);

/** A probe as it is written. Without a path, a TCP connection is enough. */
export type ProbeSchema = "tcp" | "none" | { path?: string; port?: number; withinSeconds?: number };

/** Probes that are written each by itself. */
export interface ProbesApart {
  readiness?: ProbeSchema;
  liveness?: ProbeSchema;
  startup?: ProbeSchema;
}

/** Probes as they are written: one for all, or each by itself. */
export type ProbesSchema = ProbeSchema | ProbesApart;

/** Whether the probes are written each by itself. */
export const areApart = (value: unknown): value is ProbesApart =>
  isPlainObject(value) && ["readiness", "liveness", "startup"].some((key) => key in value);

const probesApart = block(
  { readiness: probe.optional(), liveness: probe.optional(), startup: startupProbe.optional() },
  "probes",
  "{ path: /health }, tcp, none, or { readiness, liveness, startup }",
);

/** Checks one or the other schema, whichever the value is meant for, and keeps the value as it is written. */
const probes = z.custom<ProbesSchema>().superRefine((value, context) => {
  const { error } = (areApart(value) ? probesApart : probe).safeParse(value);
  for (const { path: at, message } of error?.issues ?? []) context.addIssue({ code: "custom", path: at, message });
});

const cpu = leaf<string | number>(amount(cpuProblem, "100m")).transform(String);
const size = leaf<string | number>(amount(sizeProblem, "256Mi")).transform(String);
const amounts = block(
  { cpu: cpu.optional(), memory: size.optional(), "ephemeral-storage": size.optional() },
  "amounts",
  "{ cpu: 100m, memory: 256Mi }",
);
const resources = block(
  { cpu: cpu.optional(), memory: size.optional(), requests: amounts.optional(), limits: amounts.optional() },
  "resources",
  "{ cpu: 100m, memory: 256Mi }, or { requests, limits }",
);

const secret = z.custom<SecureValue>(isSecure, {
  error: ({ input, path: at = [] }) => {
    if (typeof input === "object" && input !== null) return kindProblem({}, "an encrypted text", "{ secure: … }");
    return plainSecretProblem(String(at.at(-1)), pathOf(at));
  },
});

const pathOf = (at: readonly PropertyKey[]): string =>
  at
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .slice(1);

const egress = block(
  {
    to: leaf<string>(text('an address such as 203.0.113.7, "internet" or "any"', egressTargetProblem)),
    port: portNumber.optional(),
    protocol: leaf<"TCP" | "UDP">(oneOf(["TCP", "UDP"])).default("TCP"),
  },
  "an egress rule",
  "{ to: 203.0.113.7, port: 5432 }",
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

/** A day: a roll-out that takes longer is watched by nobody. */
const longestDeadlineSeconds = 86_400;

/** What may be said once for all services of a stack. */
const shared = {
  namespace: leaf<string>(text('a namespace such as "test-namespace"', namespaceProblem)),
  build,
  image: leaf<string>(text('an image such as "registry.example.com/identity:1.0"', imageProblem)),
  replicas: leaf<Replicas>(wholeNumberOr("autoscaled", 1)),
  port: portNumber,
  ports: list(port, "ports: [{ name: http, port: 8080 }]"),
  env: map(variableProblem, variable, "a map", "env: { LOG_LEVEL: debug }"),
  secretEnv: map(variableProblem, secret, "a map", "secretEnv: { API_KEY: { secure: … } }"),
  command: list(argument, 'command: ["/app/server"]'),
  args: list(argument, 'args: ["--verbose"]'),
  probes,
  progressDeadlineSeconds: leaf<number>(wholeNumber(1, longestDeadlineSeconds)),
  resources,
  files: map(
    containerPathProblem,
    someText("a file such as ./web.config.json"),
    "a map",
    "files: { /etc/web.json: ./web.json }",
  ),
  writable: list(leaf<string>(text("a path such as /tmp", containerPathProblem)), "writable: [/tmp]"),
  security: leaf<"restricted" | "baseline">(oneOf(["restricted", "baseline"])),
  runAsUser: leaf<number>(wholeNumber(0)),
  egress: list(egress, "egress: [{ to: 203.0.113.7, port: 5432 }]"),
  applicationCluster: leaf<string>(text('a name such as "development"', lineProblem)),
};

/** The keys that services share, none of them required. */
export const serviceDefaults = block(
  z.object(shared).partial().shape,
  "defaults of services",
  "defaults: { replicas: 1 }",
);

export const service = block(
  {
    name: leaf<string>(text('a name such as "identity"', serviceNameProblem)),
    ...z.object(shared).partial().shape,
    namespace: shared.namespace,
    applicationName: leaf<string>(text('a name such as "internal"', lineProblem)).optional(),
    ingress: z.preprocess(expandSwitch, ingress),
    prove: prove.optional(),
  },
  "a service",
  serviceExample,
);

/** A service as it is written, once each value is right by itself. */
export type ServiceSchema = z.output<typeof service>;
