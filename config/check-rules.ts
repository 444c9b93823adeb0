import { isPlainObject } from "../host/plain-object.ts";
import { clusterProblems } from "./check-cluster.ts";
import type { Problem } from "./config-error.ts";
import { LinkPlanError, linkWays, planLink, planProblems } from "./link-plan.ts";
import { proveProblems } from "./prove-config.ts";
import { blockOf, type ConfigParts, type Item } from "./raw-config.ts";
import { localStackName } from "./stack-name.ts";
import { show } from "./wording.ts";

/** The stack and the project that a configuration belongs to. */
export interface ConfigOwner {
  stack: string;
  project: string;
}

/**
 * Finds conflicts between the values of one stack's configuration.
 *
 * Works on the configuration as written, so that a value of the wrong kind in one place hides no problem in another.
 */
export function ruleProblems(parts: ConfigParts, owner: ConfigOwner): Problem[] {
  const { services, peers } = parts;
  return [
    ...duplicateNames(services, peers),
    ...duplicateIngressRules(services),
    ...clusterProblems(parts),
    ...[...services, ...peers].flatMap((item) => proveProblems(item)),
    ...peers.flatMap((peer) => peerProblems(peer, parts, owner)),
  ];
}

/** Services and aliases both become Kubernetes Services, whose names are unique in a namespace. */
function duplicateNames(services: readonly Item[], peers: readonly Item[]): Problem[] {
  const taken = new Map([["default/kubernetes", "the cluster's own API"]]);
  const named = [
    ...services.map((item) => ({ ...item, key: "name" })),
    ...peers.map((item) => ({ ...item, key: "alias" })),
  ];
  return named.flatMap(({ at, value, key }) => {
    const { [key]: name, namespace } = value;
    if (typeof name !== "string" || typeof namespace !== "string") return [];
    const holder = taken.get(`${namespace}/${name}`);
    if (holder === undefined) {
      taken.set(`${namespace}/${name}`, placeOf(at));
      return [];
    }
    const where = `already ${holder} in namespace ${show(namespace)}`;
    return [{ at: [...at, key], message: `${show(name)} is ${where}: write another ${key} or namespace` }];
  });
}

/** With the same host and path at two services, it would be unclear which one serves the requests. */
function duplicateIngressRules(services: readonly Item[]): Problem[] {
  const taken = new Map<string, string>();
  return services.flatMap(({ at, value }) => {
    if (value.ingress !== true && !isPlainObject(value.ingress)) return [];
    const { host = "", path = "/" } = blockOf(value.ingress);
    if (typeof host !== "string" || typeof path !== "string") return [];
    const rule = `${host}${path.replace(/\/*$/, "/")}`;
    const holder = taken.get(rule);
    taken.set(rule, holder ?? placeOf(at));
    if (holder === undefined) return [];
    const where = `path ${show(path)} ${host === "" ? "without a host" : `of host ${show(host)}`}`;
    return [{ at: [...at, "ingress"], message: `${where} already goes to ${holder}: write another path or host` }];
  });
}

const placeOf = ([section, index]: Item["at"]): string => `${section}[${index}]`;

function peerProblems(peer: Item, parts: ConfigParts, owner: ConfigOwner): Problem[] {
  const { at, value } = peer;
  const { stack, url } = value;
  const problems: Problem[] = [];
  const add = (message: string, ...key: string[]) => problems.push({ at: [...at, ...key], message });

  if (stack === undefined && url === undefined) {
    add('neither stack nor url: write one, such as "stack: staging" or "url: http://cluster2-control-plane"');
  }
  if (stack !== undefined && url !== undefined) {
    add("both stack and url: keep stack for a stack of this program, or url for anything else");
  }
  if (typeof stack === "string" && localStackName(stack, owner.project) === owner.stack) {
    add(`${show(stack)} is this stack itself: write another, or call the service by its own name`, "stack");
  }
  if (stack === undefined && url !== undefined && value.whenAbsent === "omit") {
    add('"omit" waits for a stack, and a url is always there: leave whenAbsent out', "whenAbsent");
  }
  if (url !== undefined && value.service !== undefined) {
    add("a url leads to whatever is there: leave service out, or write the stack that has it", "service");
  }
  if (value.expect !== undefined && value.prove !== undefined) {
    add("both expect and prove: keep expect for an identity service, or prove for any other", "prove");
  }
  if (typeof url === "string") problems.push(...urlProblems(peer, url, parts));
  return problems;
}

function urlProblems({ at, value }: Item, url: string, { cluster, exposedUrl }: ConfigParts): Problem[] {
  const problem = (setting: string, message: string): Problem => ({ at: [...at, setting], message });
  const { alias, caCertificate, via, host } = value;
  try {
    const plan = planLink(url, {
      via: linkWays.find((way) => way === via),
      host: typeof host === "string" ? host : undefined,
    });
    const own = { clusterIpFamily: cluster.ipFamily, clusterName: cluster.name, exposedUrl };
    const problems = planProblems(plan, { alias, caCertificate, ...own });
    return problems.map(({ setting, message }) => problem(setting, message));
  } catch (error) {
    if (error instanceof LinkPlanError) return [problem(error.setting, error.message)];
    throw error;
  }
}
