import { localStackName } from "./stack-name.ts";
import { type LinkWay, linkWays, planFault, planLink, TargetError } from "./link-plan.ts";
import { isBlock, type Item, items, record } from "./raw-config.ts";
import { nodeName } from "./check-names.ts";
import type { Finding } from "./config-error.ts";
import { show } from "./wording.ts";

/** Who the configuration belongs to. */
export interface Owner {
  stack: string;
  project: string;
}

/**
 * What is wrong between the values of one stack's configuration.
 *
 * Works on the configuration as written, so that a mistake of shape in one place hides none of these in another.
 */
export function ruleFindings(raw: unknown, owner: Owner): Finding[] {
  const services = items(raw, "services");
  const peers = items(raw, "peers");
  return [
    ...duplicateNames(services, peers),
    ...duplicateIngress(services),
    ...peers.flatMap((peer) => peerFindings(peer, raw, owner)),
  ];
}

/** Services and aliases are all Services to Kubernetes: one name per namespace. */
function duplicateNames(services: readonly Item[], peers: readonly Item[]): Finding[] {
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
      taken.set(`${namespace}/${name}`, `${at[0]}[${at[1]}]`);
      return [];
    }
    const message = `${show(name)} is already ${holder} in namespace ${show(namespace)}: write another ${key} or namespace`;
    return [{ at: [...at, key], message }];
  });
}

/** The controller could send a request only one of two ways. */
function duplicateIngress(services: readonly Item[]): Finding[] {
  const taken = new Map<string, string>();
  return services.flatMap(({ at, value }) => {
    if (value.ingress !== true && !isBlock(value.ingress)) return [];
    const { host = "", path = "/" } = record(value.ingress);
    if (typeof host !== "string" || typeof path !== "string") return [];
    const rule = `${host}${path.replace(/\/*$/, "/")}`;
    const holder = taken.get(rule);
    taken.set(rule, holder ?? `${at[0]}[${at[1]}]`);
    if (holder === undefined) return [];
    const where = `path ${show(path)} ${host === "" ? "without a host" : `of host ${show(host)}`}`;
    return [{ at: [...at, "ingress"], message: `${where} already goes to ${holder}: write another path or host` }];
  });
}

function peerFindings({ at, value }: Item, raw: unknown, owner: Owner): Finding[] {
  const { stack, url } = value;
  const findings: Finding[] = [];
  const add = (key: string | undefined, message: string) =>
    findings.push({ at: key === undefined ? at : [...at, key], message });

  if (stack === undefined && url === undefined) {
    add(
      undefined,
      'neither stack nor url: write one, such as "stack: staging" or "url: http://cluster2-control-plane"',
    );
  }
  if (stack !== undefined && url !== undefined) {
    add(undefined, "both stack and url: keep stack for a stack of this program, or url for anything else");
  }
  if (typeof stack === "string" && localStackName(stack, owner.project) === owner.stack) {
    add("stack", `${show(stack)} is this stack itself: write another, or call the service by its own name`);
  }
  if (stack === undefined && url !== undefined && value.whenAbsent === "omit") {
    add("whenAbsent", '"omit" waits for a stack, and a url is always there: leave whenAbsent out');
  }
  if (typeof url === "string" && /^http:/i.test(url) && value.caCertificate !== undefined) {
    add("caCertificate", `${show(url)} has no certificate to verify: leave caCertificate out, or write an https URL`);
  }
  if (typeof url === "string") findings.push(...urlFindings({ at, value }, url, raw));
  return findings;
}

function urlFindings({ at, value }: Item, url: string, raw: unknown): Finding[] {
  const cluster = record(record(raw).cluster);
  const forced = linkWays.find((way): way is LinkWay => way === value.via);
  try {
    const plan = planLink(url, forced && { via: forced });
    const fault = planFault(plan, value.alias, cluster.ipFamily);
    if (fault !== undefined) return [{ at: [...at, fault.setting], message: fault.message }];
    if (typeof cluster.name !== "string" || plan.host !== nodeName(cluster.name)) return [];
    const message = `${show(url)} is this stack's own cluster: write another's, or call the service by its own name`;
    return [{ at: [...at, "url"], message }];
  } catch (error) {
    if (error instanceof TargetError) return [{ at: [...at, error.setting], message: error.message }];
    throw error;
  }
}
