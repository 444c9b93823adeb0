import { execa } from "execa";

/** A container's address on the clusters' network: IPv4, or IPv6 without brackets. */
export async function addressOf(
  container: string,
  field: "IPAddress" | "GlobalIPv6Address" = "IPAddress",
): Promise<string> {
  const { stdout } = await execa("docker", [
    "inspect",
    "--format",
    `{{.NetworkSettings.Networks.kind.${field}}}`,
    container,
  ]);
  return stdout;
}
