import { controlPlaneName } from "../../config/cluster-config.ts";
import { madeHereLabel, tryDocker } from "../../host/docker.ts";

/**
 * Whether a cluster's nodes don't hold an image that they need, so that its registry has to serve it.
 *
 * A node image that was made on this machine holds it, in the version of that time. kind's own does not, whatever the
 * nodes have pulled by now: where an image comes from should not depend on what happened before.
 *
 * @param nodeImage what the nodes are made from, if the cluster does not stand yet
 */
export async function nodesLack(cluster: string, image: string, nodeImage: string): Promise<boolean> {
  const node = controlPlaneName(cluster);
  const key = (await labelOf("container", node)) ?? (await labelOf("image", nodeImage));
  if (key === undefined) return false; // No engine answers, or it has neither: nothing is known.
  if (key === "") return true;
  const list = ["exec", node, "ctr", "--namespace", "k8s.io", "images", "list", "--quiet"];
  const { stdout, error } = await tryDocker([...list, `name==${image}`]);
  return error === undefined && stdout.trim() === "";
}

/** The label of what was made on this machine: empty for what was not, undefined when there is no such thing. */
async function labelOf(kind: "container" | "image", name: string): Promise<string | undefined> {
  const format = `{{with .Config.Labels}}{{index . "${madeHereLabel}"}}{{end}}`;
  const { stdout, error } = await tryDocker(["inspect", "--type", kind, "--format", format, name]);
  return error === undefined ? stdout.trim() : undefined;
}
