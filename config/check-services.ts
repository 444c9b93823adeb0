import { isPlainObject } from "../host/plain-object.ts";
import { bytesOf, coresOf } from "./check-service-values.ts";
import type { Problem } from "./config-error.ts";
import { blockOf, type Item } from "./raw-config.ts";
import { defaultPort, firstHttpPort, httpPort } from "./workload.ts";
import { show } from "./wording.ts";

/** Finds conflicts between the keys of each service, as written. */
export const serviceProblems = (services: readonly Item[]): Problem[] =>
  services.flatMap((service) => problemsOf(service));

function problemsOf({ at, value }: Item): Problem[] {
  const problems: Problem[] = [];
  const add = (message: string, ...key: PropertyKey[]) => problems.push({ at: [...at, ...key], message });

  if (value.build !== undefined && value.image !== undefined) {
    add("both build and image: keep build for a folder with a Dockerfile, or image for an image that exists", "image");
  }
  if (value.port !== undefined && value.ports !== undefined) {
    add("both port and ports: keep port for a single one, or ports for more", "port");
  }
  portProblems(value.ports).forEach(({ message, key }) => add(message, "ports", ...key));

  const variables = Object.keys(blockOf(value.env));
  for (const name of Object.keys(blockOf(value.secretEnv)).filter((secret) => variables.includes(secret))) {
    add(`${name} is in env, too: keep one of the two`, "secretEnv", name);
  }
  if (value.security !== "baseline" && value.runAsUser === 0) {
    add('0 is root, which "restricted" refuses: write another user, or "security: baseline"', "runAsUser");
  }
  for (const [key, isThere] of Object.entries({
    ingress: hasIngress(value.ingress),
    prove: isPlainObject(value.prove),
  })) {
    if (!isThere || httpPortOf(value.ports) !== undefined) continue;
    add(`no port speaks HTTP: leave ${key} out, or write appProtocol: http at one of the ports`, key);
  }
  addProbeProblems(value, add);
  addDeadlineProblems(value, add);
  addPathProblems(value, add);
  addResourceProblems(value.resources, add);
  return problems;
}

type Add = (message: string, ...key: PropertyKey[]) => void;

const hasIngress = (ingress: unknown): boolean => ingress === true || isPlainObject(ingress);

/** The ports as far as they are written rightly. */
const portsOf = (ports: unknown): { port: number; name: unknown; protocol: unknown; appProtocol: unknown }[] =>
  (Array.isArray(ports) ? (ports as unknown[]) : [{ name: "http", port: defaultPort }]).map((item) => {
    const { port, name, protocol = "TCP", appProtocol } = blockOf(item);
    return { port: Number(port), name, protocol, appProtocol };
  });

/** The first port that speaks HTTP. */
const httpPortOf = (ports: unknown): number | undefined => firstHttpPort(portsOf(ports))?.port;

function portProblems(ports: unknown): { message: string; key: PropertyKey[] }[] {
  if (!Array.isArray(ports)) return [];
  const all = portsOf(ports);
  return all.flatMap(({ port, name, protocol }, index) => {
    const before = all.slice(0, index);
    const samePort = before.findIndex((other) => other.port === port && other.protocol === protocol);
    if (samePort !== -1 && !Number.isNaN(port)) {
      return [{ message: `${port} is already the port of ports[${samePort}]: write another`, key: [index, "port"] }];
    }
    const main = httpPortOf(ports);
    if (port === httpPort && protocol === "TCP" && main !== undefined && main !== httpPort) {
      const why = `the Service's port ${httpPort} leads to the first HTTP port, ${main}`;
      return [{ message: `${why}: let the container listen on another`, key: [index, "port"] }];
    }
    const sameName = before.findIndex((other) => other.name === name);
    if (sameName === -1 || name === undefined) return [];
    return [
      { message: `${show(name)} is already the name of ports[${sameName}]: write another`, key: [index, "name"] },
    ];
  });
}

/** A probe asks a port that the service has. */
function addProbeProblems({ probes, ports, port }: Item["value"], add: Add): void {
  const known = port === undefined ? portsOf(ports) : [{ port: Number(port), protocol: "TCP" }];
  const tcp = known.filter(({ protocol }) => protocol === "TCP").map((each) => each.port);
  const asked = isPlainObject(probes)
    ? [[[], probes] as const, ...Object.entries(probes).map(([key, probe]) => [[key], probe] as const)]
    : [];
  for (const [key, probe] of asked) {
    const { port: probed } = blockOf(probe);
    if (typeof probed !== "number" || tcp.includes(probed)) continue;
    add(
      `${probed} is not a port of the service: write ${tcp.join(" or ") || "it to ports, too"}`,
      "probes",
      ...key,
      "port",
    );
  }
  const needsPort = asked.some(([, probe]) => typeof blockOf(probe).path === "string") || probes === "tcp";
  if (needsPort && tcp.length === 0) add("the service has no TCP port to ask: write one, or probes: none", "probes");
}

/** A roll-out must not be given up while a container may still be starting. */
function addDeadlineProblems({ progressDeadlineSeconds: deadline, probes }: Item["value"], add: Add): void {
  const { withinSeconds } = blockOf(blockOf(probes).startup);
  if (typeof deadline !== "number" || typeof withinSeconds !== "number" || deadline > withinSeconds) return;
  const why = `the container may take ${withinSeconds} s to start (probes.startup.withinSeconds)`;
  add(`${deadline} is too short, since ${why}: write more than that`, "progressDeadlineSeconds");
}

/** A file, and a folder to write to, can't be at the same place. */
function addPathProblems({ files, writable }: Item["value"], add: Add): void {
  const folders = Array.isArray(writable) ? (writable as unknown[]) : [];
  for (const [index, folder] of folders.entries()) {
    if (folders.indexOf(folder) !== index) add(`${show(folder)} is there twice: leave one out`, "writable", index);
  }
  for (const path of Object.keys(blockOf(files)).filter((file) => folders.includes(file))) {
    add(`${show(path)} is a folder in writable, too: write the path of a file in it`, "files", path);
  }
}

/** Kubernetes refuses a limit that is below what is reserved. */
function addResourceProblems(resources: unknown, add: Add): void {
  const { requests, limits, ...alone } = blockOf(resources);
  const sizes = { cpu: coresOf, memory: bytesOf, "ephemeral-storage": bytesOf };
  for (const [key, sizeOf] of Object.entries(sizes)) {
    const reserved = textOf(blockOf(requests)[key] ?? alone[key]);
    const limit = textOf(blockOf(limits)[key]);
    if (reserved === undefined || limit === undefined || !(sizeOf(limit) < sizeOf(reserved))) continue;
    add(`${limit} is below the ${reserved} that is reserved: write at least that`, "resources", "limits", key);
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;
