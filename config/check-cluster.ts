import { isPlainObject } from "../host/plain-object.ts";
import { isExisting } from "./cluster-schema.ts";
import type { Problem } from "./config-error.ts";
import { blockOf, type ConfigParts, type Item } from "./raw-config.ts";
import { show } from "./wording.ts";

/** Finds conflicts between what is said of a cluster that exists, and what the stack wants of it, as written. */
export function clusterProblems({ cluster, services, exposedUrl }: ConfigParts): Problem[] {
  if (!isExisting(cluster)) return [];
  return [
    ...registryProblems(cluster.registry),
    ...(cluster.registry === undefined ? services.filter(isBuilt).slice(0, 1).map(homelessImage) : []),
    ...(cluster.ingress === "none" ? services.filter(hasIngress).map(unreachable) : []),
    ...authorityProblems(cluster.ingress, exposedUrl),
  ];
}

function registryProblems(registry: unknown): Problem[] {
  const { login, user, password, caCertificate, plainHttp } = blockOf(registry);
  const problem = (key: string, message: string): Problem => ({ at: ["cluster", "registry", key], message });
  if (plainHttp === true && caCertificate !== undefined) {
    return [problem("caCertificate", "is for TLS, and plainHttp is true: keep one of the two")];
  }
  if (login !== undefined && (user !== undefined || password !== undefined)) {
    return [problem("login", 'is "docker", and a user is written, too: keep one of the two')];
  }
  if (user !== undefined && password === undefined)
    return [problem("password", "missing: write the user's, encrypted")];
  if (user === undefined && password !== undefined) return [problem("user", "missing: write who has the password")];
  return [];
}

const isBuilt = ({ value }: Item): boolean => value.build !== undefined || value.image === undefined;

const homelessImage = ({ at, value }: Item): Problem => ({
  at: ["cluster", "registry"],
  message:
    `missing, and ${at[0]}[${at[1]}] (${String(value.name)}) is built here: write where its image is pushed to, ` +
    "such as { host: registry.example.com/acme }",
});

const hasIngress = ({ value }: Item): boolean => value.ingress === true || isPlainObject(value.ingress);

const unreachable = ({ at }: Item): Problem => ({
  at: [...at, "ingress"],
  message: 'cluster.ingress is "none", so nothing is reached from outside: leave it out, or write { class: … } there',
});

function authorityProblems(ingress: unknown, exposedUrl: unknown): Problem[] {
  const { caCertificate } = blockOf(ingress);
  if (caCertificate === undefined || (typeof exposedUrl === "string" && exposedUrl.startsWith("https:"))) return [];
  const message = `is for an https URL, and exposedUrl is ${show(exposedUrl ?? "left out")}: write one, or leave it out`;
  return [{ at: ["cluster", "ingress", "caCertificate"], message }];
}
