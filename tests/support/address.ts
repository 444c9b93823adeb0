import { execa } from "execa";

/** A container's address on the clusters' network. */
export async function addressOf(container: string): Promise<string> {
  const { stdout } = await execa("docker", ["inspect", "--format", "{{.NetworkSettings.Networks.kind.IPAddress}}", container]);
  return stdout;
}
