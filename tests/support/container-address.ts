import { docker } from "../../host/docker.ts";
import { nodeNetwork } from "../../infra/kind/network.ts";

/** A container's address on the nodes' network: IPv4, or IPv6 without brackets. */
export const addressOf = (container: string, field: "IPAddress" | "GlobalIPv6Address" = "IPAddress"): Promise<string> =>
  docker(["inspect", "--format", `{{.NetworkSettings.Networks.${nodeNetwork}.${field}}}`, container]);
