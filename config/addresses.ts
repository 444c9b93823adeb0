import { BlockList, isIPv6 } from "node:net";

/** Addresses that no other cluster can call, and that Kubernetes refuses as endpoints, by what they are. */
const unreachable = [
  { what: "whatever machine or pod asks", subnets: ["127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128"] },
  { what: "valid on one network segment only", subnets: ["169.254.0.0/16", "fe80::/10"] },
  { what: "a group of machines, or none", subnets: ["224.0.0.0/3", "ff00::/8"] },
].map(({ what, subnets }) => ({ what, list: blockList(subnets) }));

/** What an address is when no other cluster can call it: `127.0.0.1` is "whatever machine or pod asks". */
export function unreachableAddress(address: string): string | undefined {
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  return unreachable.find(({ list }) => list.check(address, family))?.what;
}

/** An address without the notation that hides an IPv4 address in an IPv6 one: `::ffff:c000:201` is `192.0.2.1`. */
export function plainAddress(address: string): string {
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const bits = Number.parseInt(high, 16) * 2 ** 16 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join(".");
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = "", prefix] = subnet.split("/");
    list.addSubnet(net, Number(prefix), isIPv6(net) ? "ipv6" : "ipv4");
  }
  return list;
}
