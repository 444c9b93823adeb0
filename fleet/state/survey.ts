import { standingClusters } from "../../infra/kind/cluster-state.ts";
import { currentEngine } from "../../infra/ownership/engine.ts";
import { registryName } from "../../infra/registry/registry-address.ts";
import { inspectRegistry } from "../../infra/registry/registry-container.ts";
import type { Survey } from "./finding.ts";

/**
 * Looks at what stands on the Docker engine.
 *
 * @param names the clusters whose registries are looked for
 * @throws CommandError when no engine answers
 */
export async function surveyEngine(names: readonly string[]): Promise<Survey> {
  const registries = [...new Set(names)].map(registryName);
  const [engine, clusters, containers] = await Promise.all([
    currentEngine(),
    standingClusters(),
    Promise.all(registries.map(inspectRegistry)),
  ]);
  const found = registries.flatMap((name, index) => {
    const container = containers[index];
    return container ? [[name, container] as const] : [];
  });
  return { engine, clusters, registries: new Map(found) };
}
