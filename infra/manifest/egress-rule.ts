import { isIPv6 } from "node:net";
import type * as k8s from "@pulumi/kubernetes";
import type { EgressConfig } from "../../config/service-config.ts";

/** Addresses that no machine of the internet has: private ones, and those of one network segment or one machine. */
const notInternet = {
  ipv4: [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
  ],
  ipv6: ["fc00::/7", "fe80::/10"],
};

/** The part of a NetworkPolicy that lets pods call addresses outside the cluster. */
export function egressRule({
  to,
  port,
  protocol,
}: EgressConfig): k8s.types.input.networking.v1.NetworkPolicyEgressRule {
  return { to: peersOf(to), ports: port === undefined ? undefined : [{ protocol, port }] };
}

function peersOf(to: string): k8s.types.input.networking.v1.NetworkPolicyPeer[] | undefined {
  if (to === "any") return undefined;
  if (to === "internet") {
    return [
      { ipBlock: { cidr: "0.0.0.0/0", except: notInternet.ipv4 } },
      { ipBlock: { cidr: "::/0", except: notInternet.ipv6 } },
    ];
  }
  const whole = isIPv6(to) ? 128 : 32;
  return [{ ipBlock: { cidr: to.includes("/") ? to : `${to}/${whole}` } }];
}
