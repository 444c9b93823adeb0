/** What tells a Kubernetes object from all others of a cluster. */
export interface ObjectName {
  /** The API's group and version, such as `apps/v1` or `v1`. */
  apiVersion: string;
  kind: string;
  /** @default none: it belongs to the whole cluster */
  namespace?: string;
  name: string;
}

/** Names as a manifest, by which kubectl finds the objects. */
export const manifestOf = (names: readonly ObjectName[]): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: names.map(({ apiVersion, kind, namespace, name }) => ({ apiVersion, kind, metadata: { namespace, name } })),
  });

/** An object as messages name it: `Deployment test-namespace/identity`. */
export const titleOf = ({ kind, namespace, name }: ObjectName): string =>
  `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
