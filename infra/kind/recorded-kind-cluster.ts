import { controlPlaneName } from "../../config/cluster-config.ts";
import { tryDocker } from "../../host/docker.ts";
import type { RecordedCluster } from "../cluster/recorded-cluster.ts";
import { contextName } from "./cluster-spec.ts";
import { kubectlOnNode } from "./kubectl-on-node.ts";

/** What a state says of a kind cluster, or of its registry. */
export interface RecordedContainer {
  name: string;
  /** Its container's id; a cluster's control plane's. */
  container: string;
}

/** A kind cluster, as a state has it, with its registry. @param registry undefined: the state has none */
export const recordedKindCluster = (
  { name, container }: RecordedContainer,
  registry: RecordedContainer | undefined,
): RecordedCluster => ({
  title: `cluster ${name}`,
  kubectlCommand: `kubectl --context ${contextName(name)}`,
  kubectl: (args, options) => kubectlOnNode(name, args, options),
  look: async () => {
    const node = controlPlaneName(name);
    const containers = await listContainers(registry === undefined ? [node] : [node, registry.name]);
    const found = containers.get(node);
    // A registry that is new or stopped is Pulumi's to see to, and the images with it.
    const hasRegistry = containers.get(registry?.name ?? "")?.id === registry?.container;
    if (found?.id !== container) return { state: containers.size === 0 ? "stopped" : "new", hasRegistry };
    return { state: found.running ? "there" : "stopped", hasRegistry };
  },
});

/** The containers of these names, as far as there are any, and an engine answers. */
async function listContainers(names: readonly string[]): Promise<Map<string, { id: string; running: boolean }>> {
  const format = "{{.Name}} {{.Id}} {{.State.Status}}";
  const { stdout } = await tryDocker(["container", "inspect", "--format", format, ...names]);
  const lines = stdout.split("\n").filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [name = "", id = "", status] = line.split(" ");
      return [name.replace(/^\//, ""), { id, running: status === "running" }];
    }),
  );
}
