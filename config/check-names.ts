import { show } from "./wording.ts";

/** The longest DNS label, and so the longest name of a Service, a namespace or a node, in characters. */
const longestLabel = 63;

/** The longest DNS name, in characters. */
const longestName = 253;

/** What kind adds to a cluster's name to make the name of its first node. */
const nodeSuffix = "-control-plane";

const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Namespaces that something other than a stack's services lives in, with what that is. */
const reserved = new Map([
  ["skipper-ingress", "the ingress controller's"],
  ["local-path-storage", "kind's own"],
]);

/** The name of a kind cluster's first node: its container, and its host name on the shared Docker network. */
export const nodeName = (cluster: string): string => `${cluster}${nodeSuffix}`;

/** Whether a name is a DNS-1123 subdomain: labels with dots between them. */
export const isDnsName = (name: string): boolean =>
  name.length <= longestName &&
  name.split(".").every((label) => label.length <= longestLabel && labelPattern.test(label));

/** What is wrong with a DNS-1123 label, and what to write instead. */
export function labelFault(name: string, longest = longestLabel): string | undefined {
  if (labelPattern.test(name) && name.length <= longest) return undefined;
  const rule = `lower-case letters, digits and "-", a letter or digit at both ends, at most ${longest} characters`;
  return `${show(name)} is not a DNS-1123 label: write ${suggestion(name, longest)} (${rule})`;
}

/** What is wrong with a cluster's name: its node's name must be a label too. */
export const clusterNameFault = (name: string): string | undefined =>
  labelFault(name, longestLabel - nodeSuffix.length);

/** What is wrong with the name of a Service, which unlike other names starts with a letter. */
export function serviceNameFault(name: string): string | undefined {
  const fault = labelFault(name);
  if (fault !== undefined || !/^[0-9]/.test(name)) return fault;
  return `${show(name)} starts with a digit, and a Service's name can't: write ${suggestion(`s${name}`, longestLabel)}`;
}

/** What is wrong with a namespace for services. */
export function namespaceFault(name: string): string | undefined {
  const owner = name.startsWith("kube-") ? "Kubernetes' own" : reserved.get(name);
  if (owner === undefined) return labelFault(name);
  return `${show(name)} is ${owner} namespace: write another, such as "test-namespace"`;
}

/** What is wrong with an ingress rule's host. */
export function hostFault(host: string): string | undefined {
  if (isDnsName(host.replace(/^\*\./, ""))) return undefined;
  return `${show(host)} is not a host name: write one in lower case, without scheme, port or path, such as "identity.example.com"`;
}

/** What is wrong with an ingress rule's path. */
export function pathFault(path: string): string | undefined {
  const clean = /^\/[^\s?#]*$/.test(path) && !/\/\/|\/\.\.?(\/|$)/.test(path);
  if (clean) return undefined;
  return `${show(path)} is not an absolute path: write one without "//", "/..", "?" and "#", such as "/" or "/identity"`;
}

/** A label as near to what was written as can be. */
function suggestion(name: string, longest: number): string {
  const label = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, longest)
    .replace(/-+$/, "");
  return label === "" ? 'a name such as "identity"' : show(label);
}
