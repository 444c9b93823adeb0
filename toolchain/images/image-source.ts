/** Where an image that the engine does not have comes from: its registry, this machine, or nowhere. */
export type ImageSource = { from: "registry" } | { from: "here" } | { from: "nowhere"; why: string };

/** Prefers the registry. `obstacle` is what keeps the image from being made on this machine, if anything. */
export function chooseImageSource(registryReachable: boolean, obstacle: string | undefined): ImageSource {
  if (registryReachable) return { from: "registry" };
  return obstacle === undefined ? { from: "here" } : { from: "nowhere", why: obstacle };
}
