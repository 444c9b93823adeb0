import { certsFolder } from "./cluster-spec.ts";

/** A file that belongs on every node. */
export interface NodeFile {
  path: string;
  content: string;
}

/**
 * The files by which the nodes' containerd pulls from mirrors, too. Where a mirror fails, it asks the registry itself.
 *
 * @param mirrors what stands in place of a registry, by the registry's name, such as `docker.io`
 * @param authorities certificates that the mirrors' are signed by, as PEM. @default those that the node trusts
 * @see https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export function mirrorHosts(mirrors: Readonly<Record<string, string>>, authorities?: string): NodeFile[] {
  return Object.entries(mirrors).flatMap(([registry, mirror]) => {
    const folder = `${certsFolder}/${registry}`;
    const lines = hostsLines(mirror);
    if (authorities === undefined) return [{ path: `${folder}/hosts.toml`, content: lines.join("\n") }];
    const ca = `${folder}/ca.pem`;
    return [
      { path: ca, content: authorities },
      { path: `${folder}/hosts.toml`, content: [...lines.slice(0, -1), `  ca = "${ca}"`, ""].join("\n") },
    ];
  });
}

function hostsLines(mirror: string): string[] {
  const [scheme, name] = mirror.startsWith("http://") ? ["http", mirror.slice("http://".length)] : ["https", mirror];
  const slash = name.indexOf("/");
  if (slash < 0) return [`[host."${scheme}://${name}"]`, '  capabilities = ["pull", "resolve"]', ""];
  // The images' paths go behind that of the mirror, which must then have the API's version itself.
  const url = `${scheme}://${name.slice(0, slash)}/v2${name.slice(slash)}`;
  return [`[host."${url}"]`, '  capabilities = ["pull", "resolve"]', "  override_path = true", ""];
}
