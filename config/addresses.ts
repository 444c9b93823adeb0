import { BlockList, isIPv6 } from "node:net";

/** Addresses of the network segment alone, such as a cloud's metadata service. */
export const linkLocal = { 4: "169.254.0.0/16", 6: "fe80::/10" } as const;

/** Addresses that other clusters can't call. `what` completes "127.0.0.1 is …" in the message. */
const unreachable = [
  { what: "whatever machine or pod asks", subnets: ["127.0.0.0/8", "0.0.0.0/8", "::1/128", "::/128"] },
  { what: "valid on one network segment only", subnets: [linkLocal[4], linkLocal[6]] },
  { what: "a group of machines, or none", subnets: ["224.0.0.0/3", "ff00::/8"] },
].map(({ what, subnets }) => ({ what, list: blockList(subnets) }));

/** Why other clusters can't call an address, in words that complete "127.0.0.1 is …"; undefined when they can. */
export function unreachableAddress(address: string): string | undefined {
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  return unreachable.find(({ list }) => list.check(address, family))?.what;
}

/** Writes an IPv4 address that is mapped into IPv6 as IPv4: `::ffff:c000:201` becomes `192.0.2.1`. */
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
