import type { EngineInfo } from "../../host/engine-info.ts";

/** Where an image that the engine does not have comes from: its registry, this machine, or nowhere. */
export type ImageSource = { from: "registry" } | { from: "here" } | { from: "nowhere"; why: string };

/** What is known of the way to an image's registry. */
export interface RegistryFacts {
  /** Why this process can't use the registry. @default it can, or nobody asked */
  unreachable: string | undefined;
  /** True when the user has set a mirror for the registry: then it is used, whatever this process can reach. */
  mirrored: boolean;
  /** True when the engine has a proxy or a mirror of its own, so that it may reach what this process can't. */
  engineHasWay: boolean;
}

/** Prefers the registry. `obstacle` is what keeps the image from being made on this machine, if anything. */
export function chooseImageSource(registry: RegistryFacts, obstacle: string | undefined): ImageSource {
  if (registry.unreachable === undefined || registry.mirrored || registry.engineHasWay) return { from: "registry" };
  return obstacle === undefined ? { from: "here" } : { from: "nowhere", why: obstacle };
}

/** Addresses that answer where a registry's images can be pulled; for others it is that of their name. */
const addresses: Partial<Record<string, string>> = { "docker.io": "registry-1.docker.io" };

/** The URL by which this process finds out if a registry can be reached. */
export const urlOfRegistry = (registry: string): string => `https://${addresses[registry] ?? registry}/v2/`;

/** True when the engine has a proxy, or, for Docker Hub, a mirror. */
export function engineHasWay(
  engine: Pick<EngineInfo, "HttpProxy" | "HttpsProxy" | "RegistryConfig">,
  registry: string,
): boolean {
  if (engine.HttpProxy || engine.HttpsProxy) return true;
  return registry === "docker.io" && (engine.RegistryConfig?.Mirrors ?? []).length > 0;
}
