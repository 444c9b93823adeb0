/** Where an image that the engine does not have comes from. */
export type ImageChoice = { from: "registry" } | { from: "here" } | { from: "nowhere"; why: string };

/** Its own registry, where that can be reached; else it is made here, if nothing stands in the way. */
export function chooseImage(registryReachable: boolean, obstacle: string | undefined): ImageChoice {
  if (registryReachable) return { from: "registry" };
  return obstacle === undefined ? { from: "here" } : { from: "nowhere", why: obstacle };
}
