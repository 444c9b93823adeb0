import { tryDocker } from "../../host/docker.ts";

/** The Docker network that kind puts all nodes on. Pods of one cluster resolve and reach another's node there. */
export const nodeNetwork = "kind";

/** Removes the nodes' network when no container, running or not, is on it any more. kind makes it again when needed. */
export async function removeEmptyNetwork(): Promise<void> {
  const options = { deadlineSeconds: 30 };
  const running = await tryDocker(["network", "inspect", nodeNetwork, "--format", "{{len .Containers}}"], options);
  const all = await tryDocker(["ps", "--all", "--quiet", "--filter", `network=${nodeNetwork}`], options);
  if (running.stdout === "0" && all.stdout === "") await tryDocker(["network", "rm", nodeNetwork], options);
}
