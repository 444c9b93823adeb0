import { tryDocker } from "../../host/docker.ts";
import { controlPlaneName } from "../../config/cluster-config.ts";

/**
 * Whether a cluster's node stands, and does not have an image. A new version of an image that is made on this machine
 * can't be pulled from anywhere, and nodes hold only what their own image brought.
 */
export async function nodesLack(cluster: string, image: string): Promise<boolean> {
  const list = ["exec", controlPlaneName(cluster), "ctr", "--namespace", "k8s.io", "images", "list", "--quiet"];
  const { stdout, error } = await tryDocker([...list, `name==${image}`]);
  return error === undefined && stdout.trim() === "";
}
