import { createHash } from "node:crypto";
import { docker, tryDocker } from "../../host/docker.ts";
import { factLabels, labelOptions } from "../ownership/docker-labels.ts";
import { labelsOf, type Owner } from "../ownership/owner.ts";
import { isAnyBeingCreated } from "./cluster-state.ts";

/** The Docker network that kind puts all nodes on. Pods of one cluster resolve and reach another's node there. */
export const nodeNetwork = "kind";

/** How many IPv6 subnets are tried before the network is made without IPv6. */
const subnetTries = 5;

const options = { deadlineSeconds: 30 };

/** Docker's own option of a bridge network's largest packet. */
const mtuOption = "com.docker.network.driver.mtu";

/**
 * Makes the nodes' network where there is none, with the options that kind gives it, and with our mark: that tells it
 * from one which was there before, and which stays.
 *
 * @see https://github.com/kubernetes-sigs/kind/blob/main/pkg/cluster/internal/providers/docker/network.go
 */
export async function ensureNetwork(owner: Owner): Promise<void> {
  if (await exists()) return;
  const mtu = await defaultMtu();
  const args = [
    "network",
    "create",
    "--driver=bridge",
    "--opt=com.docker.network.bridge.enable_ip_masquerade=true",
    ...(mtu === undefined ? [] : [`--opt=${mtuOption}=${mtu}`]),
    ...labelOptions(labelsOf(owner)),
  ];
  for (const subnet of Array.from({ length: subnetTries }, (_, attempt) => uniqueLocalSubnet(nodeNetwork, attempt))) {
    const { error } = await tryDocker([...args, "--ipv6", `--subnet=${subnet}`, nodeNetwork], options);
    if (error === undefined || (await exists())) return;
    if (!/overlap/i.test(error.message)) break;
  }
  const { error } = await tryDocker([...args, nodeNetwork], options);
  if (error !== undefined && !(await exists())) throw error;
}

/** Removes the nodes' network if one of our fleets made it, nothing is on it, and no cluster is being created. */
export async function removeEmptyNetwork(): Promise<void> {
  const label = `{{with index .Labels "${factLabels.fleet}"}}ours{{end}} {{len .Containers}}`;
  const [network, attached] = await Promise.all([
    tryDocker(["network", "inspect", nodeNetwork, "--format", label], options),
    tryDocker(["ps", "--all", "--quiet", "--filter", `network=${nodeNetwork}`], options),
  ]);
  if (network.stdout !== "ours 0" || attached.stdout !== "" || (await isAnyBeingCreated())) return;
  await tryDocker(["network", "rm", nodeNetwork], options);
}

async function exists(): Promise<boolean> {
  const names = await docker(["network", "ls", "--filter", `name=^${nodeNetwork}$`, "--format", "{{.Name}}"], options);
  return names.split("\n").includes(nodeNetwork);
}

/** The largest packet on Docker's default network, which may be smaller than usual, in a VPN for example. */
async function defaultMtu(): Promise<string | undefined> {
  const format = `{{index .Options "${mtuOption}"}}`;
  const { stdout, error } = await tryDocker(["network", "inspect", "bridge", "--format", format], options);
  return error === undefined && /^[1-9]\d*$/.test(stdout) ? stdout : undefined;
}

/** A subnet among the unique local addresses of IPv6, by the network's name, and another one with each attempt. */
export function uniqueLocalSubnet(name: string, attempt: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(attempt);
  const digits = createHash("sha1").update(name).update(bytes).digest("hex");
  return `fc00:${[4, 8, 12].map((start) => digits.slice(start, start + 4)).join(":")}::/64`;
}
