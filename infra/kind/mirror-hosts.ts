import { registryOfMirror } from "../../host/mirrors.ts";
import { basicCredentials, type Login } from "../../host/netrc.ts";
import { certsFolder } from "./cluster-spec.ts";

/** A file that belongs on every node. */
export interface NodeFile {
  path: string;
  content: string;
}

/** What the nodes need to use the mirrors. */
export interface MirrorAccess {
  /** Certificates that the mirrors' are signed by, as PEM. @default those that the node trusts */
  authorities?: string;
  /** The logins, by registry. @default none: the mirrors are asked without one */
  logins?: ReadonlyMap<string, Login>;
}

/**
 * The files by which the nodes' containerd pulls from mirrors, too. Where a mirror fails, it asks the registry itself.
 *
 * @param mirrors what stands in place of a registry, by the registry's name, such as `docker.io`
 * @see https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export function mirrorHosts(
  mirrors: Readonly<Record<string, string>>,
  { authorities, logins }: MirrorAccess = {},
): NodeFile[] {
  return Object.entries(mirrors).flatMap(([registry, mirror]) => {
    const folder = `${certsFolder}/${registry}`;
    const ca = authorities === undefined ? [] : [{ path: `${folder}/ca.pem`, content: authorities }];
    const { url, hasPath } = urlOf(mirror);
    const login = logins?.get(registryOfMirror(mirror));
    const lines = [
      `[host."${url}"]`,
      '  capabilities = ["pull", "resolve"]',
      ...(hasPath ? ["  override_path = true"] : []),
      ...ca.map(({ path }) => `  ca = "${path}"`),
      // A token server that the mirror names gets this header, too. containerd takes the name as it is written.
      ...(login === undefined ? [] : [`  [host."${url}".header]`, `    Authorization = "${basic(login)}"`]),
      "",
    ];
    return [...ca, { path: `${folder}/hosts.toml`, content: lines.join("\n") }];
  });
}

function urlOf(mirror: string): { url: string; hasPath: boolean } {
  const [scheme, name] = mirror.startsWith("http://") ? ["http", mirror.slice("http://".length)] : ["https", mirror];
  const slash = name.indexOf("/");
  if (slash < 0) return { url: `${scheme}://${name}`, hasPath: false };
  // The images' paths go behind that of the mirror, which must then have the API's version itself.
  return { url: `${scheme}://${name.slice(0, slash)}/v2${name.slice(slash)}`, hasPath: true };
}

const basic = (login: Login): string => `Basic ${basicCredentials(login)}`;
