import { isDeepStrictEqual } from "node:util";
import { execa } from "execa";
import { parse } from "yaml";
import { clusterOfContext } from "./cluster-spec.ts";

/** The part of a kubeconfig that says where clusters are. */
interface Kubeconfig {
  clusters: { cluster: unknown }[];
}

/**
 * Sees to it that the user's kubeconfig leads to the cluster. kind wrote it there when it made the cluster, but maybe
 * to another file, or somebody took it out. The current context stays what it is.
 */
export async function ensureContext(context: string): Promise<void> {
  const name = clusterOfContext(context);
  const present = await kubectl("view", "--raw", "--minify", "--context", context);
  const { stdout: actual } = await execa("kind", ["get", "kubeconfig", "--name", name], { timeout: 60_000 });
  if (present !== undefined && isDeepStrictEqual(placeIn(present), placeIn(actual))) return;
  const current = await kubectl("current-context");
  await execa("kind", ["export", "kubeconfig", "--name", name], { timeout: 60_000 });
  if (current !== undefined) await kubectl("use-context", current);
}

/** @returns undefined when there is no such context, or no current one */
async function kubectl(...args: string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await execa("kubectl", ["config", ...args], { reject: false, timeout: 60_000 });
  return exitCode === 0 ? stdout : undefined;
}

const placeIn = (kubeconfig: string) => (parse(kubeconfig) as Kubeconfig).clusters[0]?.cluster;
