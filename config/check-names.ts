import { controlPlaneName, ingressNamespace } from "./cluster-config.ts";
import { show } from "./wording.ts";

/** The longest DNS label, and so the longest name of a Service, a namespace or a node, in characters. */
const longestLabel = 63;

/** The longest name of a cluster, in characters: its control plane's name must still be a label. */
const longestClusterName = longestLabel - controlPlaneName("").length;

/** The longest DNS name, in characters. */
const longestDnsName = 253;

const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Namespaces that hold something other than a stack's services, with their owner. */
const reservedNamespaces = new Map([
  [ingressNamespace, "the ingress controller's"],
  ["local-path-storage", "kind's own"],
]);

/** Whether a name is a DNS-1123 subdomain: labels with dots between them. */
export const isDnsName = (name: string): boolean =>
  name.length <= longestDnsName &&
  name.split(".").every((label) => label.length <= longestLabel && labelPattern.test(label));

/** What is wrong with a DNS-1123 label, and what to write instead; undefined when nothing is. */
function labelProblem(name: string, longest = longestLabel): string | undefined {
  if (labelPattern.test(name) && name.length <= longest) return undefined;
  const rule = `lower-case letters, digits and "-", a letter or digit at both ends, at most ${longest} characters`;
  return `${show(name)} is not a DNS-1123 label: write ${suggestion(name, longest)} (${rule})`;
}

/** What is wrong with a cluster's name. */
export const clusterNameProblem = (name: string): string | undefined => labelProblem(name, longestClusterName);

/** What is wrong with the name of a Service, which unlike other names starts with a letter. */
export function serviceNameProblem(name: string): string | undefined {
  const problem = labelProblem(name);
  if (problem !== undefined || !/^[0-9]/.test(name)) return problem;
  return `${show(name)} starts with a digit, and a Service's name can't: write ${suggestion(`s${name}`, longestLabel)}`;
}

/** What is wrong with a namespace for services. */
export function namespaceProblem(name: string): string | undefined {
  const owner = name.startsWith("kube-") ? "Kubernetes' own" : reservedNamespaces.get(name);
  if (owner === undefined) return labelProblem(name);
  return `${show(name)} is ${owner} namespace: write another, such as "test-namespace"`;
}

/** What is wrong with an ingress rule's host. */
export function hostProblem(host: string): string | undefined {
  if (isDnsName(host.replace(/^\*\./, ""))) return undefined;
  const rule = "in lower case, without scheme, port or path";
  return `${show(host)} is not a host name: write one ${rule}, such as "identity.example.com"`;
}

/** What is wrong with a host that is sent in requests, which unlike an ingress rule's stands for one host only. */
export function plainHostProblem(host: string): string | undefined {
  if (!host.startsWith("*.")) return hostProblem(host);
  return `${show(host)} stands for many hosts: write the one to call, such as ${show(`www${host.slice(1)}`)}`;
}

/** What is wrong with the name of a service of another stack. */
export function serviceReferenceProblem(reference: string): string | undefined {
  const [namespace = "", name, ...rest] = reference.split("/");
  if (name === undefined || rest.length > 0) {
    return `${show(reference)} is not a service: write its namespace and its name, such as "shop/web"`;
  }
  return namespaceProblem(namespace) ?? serviceNameProblem(name);
}

/** What is wrong with an ingress rule's path. */
export function pathProblem(path: string): string | undefined {
  const clean = /^\/[^\s?#]*$/.test(path) && !/\/\/|\/\.\.?(\/|$)/.test(path);
  if (clean) return undefined;
  const rule = 'without "//", "/..", "?" and "#"';
  return `${show(path)} is not an absolute path: write one ${rule}, such as "/" or "/identity"`;
}

/** The valid label that is closest to what was written. */
function suggestion(name: string, longest: number): string {
  const label = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, longest)
    .replace(/-+$/, "");
  return label === "" ? 'a name such as "identity"' : show(label);
}
