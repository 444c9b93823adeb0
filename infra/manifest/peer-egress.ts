import type * as k8s from "@pulumi/kubernetes";
import { linkLocal } from "../../config/addresses.ts";
import { defaultIpFamily, type IpFamily } from "../../config/cluster-config.ts";
import { aliasPort, type LinkPlan } from "../../config/link-plan.ts";

export type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type EgressPeer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/**
 * What pods may send to the target of a link: to its address where that is known. A name's address changes with the
 * cluster behind it, so a name allows its port of every address, but for those of the network segment alone: clouds have
 * the credentials of a machine there.
 *
 * @param target undefined in a preview that doesn't know it yet
 * @param ipFamily that of the calling cluster. @default IPv4 alone
 */
export function peerEgress(target: LinkPlan | undefined, ipFamily: IpFamily = defaultIpFamily): EgressRule {
  const ports = [{ protocol: "TCP", port: target?.port ?? aliasPort }];
  if (target?.ipFamily !== undefined) {
    const cidr = `${target.host}/${target.ipFamily === 4 ? 32 : 128}`;
    return { to: [{ ipBlock: { cidr } }], ports };
  }
  const to: EgressPeer[] = [];
  if (ipFamily !== "ipv6") to.push({ ipBlock: { cidr: "0.0.0.0/0", except: [linkLocal[4]] } });
  if (ipFamily !== "ipv4") to.push({ ipBlock: { cidr: "::/0", except: [linkLocal[6]] } });
  return { to, ports };
}
