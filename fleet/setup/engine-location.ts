import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { docker, engineAddress, tryDocker } from "../../host/docker.ts";
import { engineInfo } from "../../host/engine-info.ts";
import { uninterrupted } from "../../host/interruption.ts";
import { waitUntil } from "../../host/wait.ts";
import { registryContainerPort } from "../../infra/registry/registry-address.ts";
import { images } from "../../versions.ts";
import { UserError } from "../user-error.ts";
import { knownEnginesFile } from "./folders.ts";

// Everything here is reached by ports that the engine publishes on 127.0.0.1. Those of an engine on another machine
// answer over there, whatever way leads to the engine.

/** The host in an engine's address, such as `ssh://me@build.example.com`; undefined for a socket of this machine. */
export function hostOfEngine(address: string): string | undefined {
  if (!/^(tcp|ssh|http|https):\/\//.test(address)) return undefined;
  const host = URL.parse(address)?.hostname.replace(/^\[|\]$/g, "");
  return host === "" ? undefined : host;
}

/** Whether an IP address is one of this machine's, or leads back to it. */
export const isOwnAddress = (address: string, own: readonly string[]): boolean =>
  /^127\./.test(address) || address === "::1" || own.includes(address);

/** What tells where an engine is. */
export interface EngineFacts {
  /** The engine's end of its default network, on the machine that it runs on. */
  gateways: readonly string[];
  /** This machine's addresses. */
  own: readonly string[];
  /** What the engine calls its machine. */
  engineMachine: string;
  /** What this machine calls itself. */
  machine: string;
  /** The network of the engine's container that this runs in. @default it runs in none */
  network?: string;
}

/** Where an engine publishes ports, as seen from here. `unknown`: only a try can tell. */
export function locate({
  gateways,
  own,
  engineMachine,
  machine,
  network,
}: EngineFacts): "here" | "elsewhere" | "unknown" {
  if (network !== undefined && network !== "host") return "elsewhere";
  // Another machine's engine may have the same gateway, as this one's own engine would.
  return engineMachine === machine && gateways.some((gateway) => own.includes(gateway)) ? "here" : "unknown";
}

/**
 * Refuses an engine whose address names another machine.
 *
 * @throws UserError
 */
export async function refuseRemoteAddress(): Promise<void> {
  const address = await engineAddress();
  const host = hostOfEngine(address);
  if (host === undefined) return;
  const found = await lookup(host, { all: true }).catch(() => []);
  if (!found.some(({ address: ip }) => isOwnAddress(ip, ownAddresses()))) throw farEngine(address);
}

/**
 * Refuses an engine that publishes ports on another machine, for example behind a socket that was handed into a
 * container. Where nothing else tells, a container that publishes a port does; that is remembered.
 *
 * @param mayTry false where the engine may lack the image for it yet. @default true
 * @returns whether it is certain by now that ports are published here
 * @throws UserError
 */
export async function refuseFarEngine({ mayTry = true } = {}): Promise<boolean> {
  const info = await engineInfo().catch(() => undefined);
  if (info === undefined) return false; // what needs the engine reports it
  const { ID: id = "", Name: engineMachine = "" } = info;
  const address = await engineAddress();
  const known = await readKnown();
  if (known.includes(`${id} ${address}`)) return true;
  const facts = { gateways: await gateways(), own: ownAddresses(), engineMachine, machine: hostname() };
  const location = locate({ ...facts, network: await networkOfThisContainer() });
  if (location === "here") return true;
  if (location === "elsewhere") throw farEngine(address);
  if (!mayTry) return false;
  const answers = await publishedPortAnswers();
  if (answers === false) throw farEngine(address);
  if (answers) await writeFile(knownEnginesFile, JSON.stringify([...known, `${id} ${address}`]));
  return answers === true;
}

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));

async function gateways(): Promise<string[]> {
  const args = ["network", "inspect", "bridge", "--format", "{{range .IPAM.Config}}{{.Gateway}} {{end}}"];
  return (await tryDocker(args)).stdout.split(" ").filter((gateway) => gateway !== "");
}

/** The network of the container that this runs in, if the engine has one by this machine's name. */
async function networkOfThisContainer(): Promise<string | undefined> {
  if (!existsSync("/.dockerenv")) return undefined; // a container may be called what this machine is
  const args = ["container", "inspect", hostname(), "--format", "{{.HostConfig.NetworkMode}}"];
  const { stdout, error } = await tryDocker(args);
  return error === undefined ? stdout : undefined;
}

/** Whether a port that the engine publishes answers here; undefined when that can't be tried. */
async function publishedPortAnswers(): Promise<boolean | undefined> {
  const port = await freePort();
  const publish = `--publish=127.0.0.1:${port}:${registryContainerPort}`;
  const { stdout: container, error } = await tryDocker([
    "run",
    "--detach",
    "--rm",
    "--pull=never",
    publish,
    images.registry,
  ]);
  if (error !== undefined) return undefined;
  try {
    return await waitUntil(async () => {
      const { headers } = await fetch(`http://127.0.0.1:${port}/v2/`, { signal: AbortSignal.timeout(1000) });
      return headers.has("docker-distribution-api-version");
    }, 15);
  } finally {
    await docker(["rm", "--force", "--volumes", container], { signal: uninterrupted });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function readKnown(): Promise<string[]> {
  try {
    const known: unknown = JSON.parse(await readFile(knownEnginesFile, "utf8"));
    return Array.isArray(known) ? known.map(String) : [];
  } catch {
    return [];
  }
}

const farEngine = (address: string): UserError =>
  new UserError(
    `The Docker engine at ${address || "Docker's default address"} is on another machine: the ports of clusters and ` +
      "registries would be published there, on its 127.0.0.1, and can't be reached from here. Run this on that machine, " +
      "or choose an engine of this one: unset DOCKER_HOST, or docker context use default.",
  );
