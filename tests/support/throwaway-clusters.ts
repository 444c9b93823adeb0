import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker } from "../../host/docker.ts";
import { isRunning } from "../../host/process-alive.ts";
import { clusterLabel, kindClusterLabel } from "../../infra/ownership/docker-labels.ts";

/** The labels of a cluster's nodes, and of everything else that is made for it. */
const labels = [kindClusterLabel, clusterLabel];

/** The longest that the engine may take to stop and remove containers, on a slow machine. */
const removalDeadlineSeconds = 120;

/** What the names of this process's throwaway clusters and folders begin with. */
export const throwawayPrefix = `fleet-test-${process.pid}-`;

/** The process whose throwaway cluster or folder has this name; undefined for any other name. */
function makerOf(name: string): number | undefined {
  const [, pid] = /^fleet-test-(\d+)-/.exec(name) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

/** A new name for a throwaway cluster. It holds the id of the process that makes it. */
export const throwawayName = (): string => `${throwawayPrefix}${randomBytes(3).toString("hex")}`;

/** Removes a throwaway cluster's containers and volumes, which it finds by their labels. */
export async function removeCluster(name: string): Promise<void> {
  const options = { deadlineSeconds: removalDeadlineSeconds };
  for (const label of labels) {
    const found = ["--quiet", "--filter", `label=${label}=${name}`];
    const containers = await docker(["ps", "--all", ...found]);
    if (containers !== "") await docker(["rm", "--force", "--volumes", ...containers.split("\n")], options);
    const volumes = await docker(["volume", "ls", ...found]);
    if (volumes !== "") await docker(["volume", "rm", "--force", ...volumes.split("\n")], options);
  }
}

/** Removes the clusters and folders of test runs that were killed. */
export async function sweep(): Promise<void> {
  for (const folder of (await readdir(tmpdir())).filter(isLeftBehind)) {
    await rm(join(tmpdir(), folder), { recursive: true, force: true });
  }
  for (const name of (await labelledClusters()).filter(isLeftBehind)) await removeCluster(name);
}

function isLeftBehind(name: string): boolean {
  const pid = makerOf(name);
  return pid !== undefined && !isRunning(pid);
}

/** The clusters that the engine has a container or a volume of. */
async function labelledClusters(): Promise<string[]> {
  const names = new Set<string>();
  for (const label of labels) {
    const format = ["--filter", `label=${label}`, "--format", `{{.Label "${label}"}}`];
    for (const list of [
      ["ps", "--all"],
      ["volume", "ls"],
    ]) {
      for (const name of (await docker([...list, ...format])).split("\n")) names.add(name);
    }
  }
  return [...names];
}
