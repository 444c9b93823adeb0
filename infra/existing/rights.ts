import type { ObjectName } from "../cluster/object-name.ts";

/** A right that a user needs, as a SelfSubjectAccessReview asks for it. */
export interface Right {
  verb: string;
  /** The API's group; empty for the core group. */
  group: string;
  /** In the plural, such as `deployments`, or with a subresource: `pods/exec`. */
  resource: string;
  /** @default of the whole cluster */
  namespace?: string;
  /** The object's name. @default any */
  name?: string;
}

/** What is done to each object: by Pulumi, and by the commands that look at what stands. */
const verbs = ["get", "create", "patch", "delete"];

/** What is asked for about a Deployment's roll-out, and about its pods where calls are proved from inside. */
const ofDeployments: Omit<Right, "namespace">[] = [
  ...["deployments", "replicasets"].flatMap((resource) =>
    ["list", "watch"].map((verb) => ({ verb, group: "apps", resource })),
  ),
  ...["get", "list", "watch"].map((verb) => ({ verb, group: "", resource: "pods" })),
  { verb: "get", group: "", resource: "pods/log" },
  { verb: "create", group: "", resource: "pods/exec" },
];

/**
 * The rights that a stack needs, each once.
 *
 * @param objects what it makes
 * @param namespaces the namespaces that it uses, and those of them that it makes
 */
export function neededRights(
  objects: readonly Omit<ObjectName, "name">[],
  namespaces: { used: readonly string[]; made: readonly string[] },
): Right[] {
  const rights: Right[] = objects.flatMap(({ apiVersion, kind, namespace }) => {
    const [version = "", group = ""] = apiVersion.split("/").toReversed();
    const own = verbs.map((verb) => ({
      verb,
      group: version === apiVersion ? "" : group,
      resource: plural(kind),
      namespace,
    }));
    const more = kind === "Deployment" ? ofDeployments.map((right) => ({ ...right, namespace })) : [];
    return [...own, ...more];
  });
  const ofNamespaces = (all: readonly string[], verb: string) =>
    all.map((name) => ({ verb, group: "", resource: "namespaces", name }));
  rights.push(...ofNamespaces([...namespaces.used, ...namespaces.made], "get"));
  for (const verb of verbs) rights.push(...ofNamespaces(namespaces.made, verb));
  return [...new Map(rights.map((right) => [JSON.stringify(right), right])).values()];
}

/** A kind's name in the API's paths. */
function plural(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith("y")) return `${name.slice(0, -1)}ies`;
  return /(s|x|ch)$/.test(name) ? `${name}es` : `${name}s`;
}

/** Rights as a manifest that asks for them. The API server answers each, and keeps none. */
export const accessReviews = (rights: readonly Right[]): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: rights.map(({ verb, group, resource, namespace, name }) => {
      const [main, subresource] = resource.split("/");
      const resourceAttributes = { verb, group, resource: main, subresource, namespace, name };
      return { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes } };
    }),
  });

/** Those of the rights that are lacking. @param answers whether each is granted, in their order */
export const lackingRights = (rights: readonly Right[], answers: readonly boolean[]): Right[] =>
  rights.filter((_, index) => answers[index] !== true);

/** Rights for people, together where they differ in their verbs alone: `create, patch deployments.apps in shop`. */
export function describeRights(rights: readonly Right[]): string {
  const verbsOf = new Map<string, string[]>();
  for (const { verb, group, resource, namespace, name } of rights) {
    const what = `${resource}${group === "" ? "" : `.${group}`}${name === undefined ? "" : ` (${name})`}`;
    const where = namespace === undefined ? "in the whole cluster" : `in ${namespace}`;
    const key = `${what} ${where}`;
    verbsOf.set(key, [...(verbsOf.get(key) ?? []), verb]);
  }
  return [...verbsOf].map(([what, all]) => `${all.join(", ")} ${what}`).join("; ");
}

/** What the API server says of a request that a user may not make. */
const refusal = /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?/g;

/** The rights that lack by what the API server said; none when it refused for another reason. */
export function rightsRefusedIn(text: string): Right[] {
  const rights = [...text.matchAll(refusal)].map(([, verb = "", resource = "", group = "", namespace]) => {
    return { verb, group, resource, namespace };
  });
  return [...new Map(rights.map((right) => [JSON.stringify(right), right])).values()];
}

/** Why a user can't go on, for people. */
export const lackingMessage = (context: string, rights: readonly Right[]): string =>
  `the user of the context "${context}" may not ${describeRights(rights)}. See the roles in docs/existing-clusters.md`;
