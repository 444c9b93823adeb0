import { createHash } from "node:crypto";
import { isIP } from "node:net";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ExistingClusterConfig, RegistryConfig } from "../../config/existing-cluster-config.ts";
import { exposedAuthorityOf } from "../../config/together.ts";
import type { Cluster, ClusterPurpose, ImageRegistry, IngressShape } from "../cluster/cluster.ts";
import { managedMetadata } from "../manifest/managed-metadata.ts";
import { Claim } from "./claim.ts";
import type { ClusterFacts } from "./cluster-facts.ts";
import { ExistingCluster } from "./existing-cluster.ts";
import { kubeconfigPlace } from "./existing-target.ts";
import { ExistingClusterNamespace } from "./namespace.ts";
import { fleetLabel, ownerAnnotations } from "./object-owner.ts";
import { PullSecrets } from "./pull-secrets.ts";

/** Declares what is needed to use a cluster that exists. Everything in it carries the fleet's mark. */
export function makeExistingCluster(
  config: ExistingClusterConfig,
  { owner: { fleet, project, stack }, exposedUrl }: ClusterPurpose,
  facts: ClusterFacts,
): Cluster {
  const { context } = config;
  const { server, uid } = facts;
  const place = kubeconfigPlace(config);
  if (pulumi.runtime.isDryRun()) {
    void pulumi.log.info(`context ${context} leads to ${server}, whose namespace kube-system has the uid ${uid}`);
  }
  const cluster = new ExistingCluster("cluster", { context, kubeconfig: place, server, uid, stack });
  const owner = { fleet, project, stack };
  const access = { context, kubeconfig: pulumi.secret(facts.kubeconfig) };
  const provider = new k8s.Provider(
    "cluster",
    {
      kubeconfig: access.kubeconfig,
      clusterIdentifier: uid,
      deleteUnreachable: false,
      enableServerSideApply: true,
    },
    { dependsOn: cluster },
  );
  const claim = new Claim(facts.usedNamespaces);
  const options = { provider, transformations: [managedMetadata, marked(owner), claim.transformation] };
  const isOurs = (name: string) => {
    const present = facts.namespaces.get(name);
    return !facts.namespaces.has(name) || (present?.project === project && present.stack === stack);
  };
  const name = ownName(project, stack);
  const site = exposedUrl ?? "";
  return {
    provider,
    options,
    namespaces: {
      make: (namespace, labels, opts) => {
        if (!isOurs(namespace)) return undefined;
        claim.addNamespace(namespace);
        const dependsOn = [cluster, claim.settled];
        return new ExistingClusterNamespace(
          namespace,
          { ...access, name: namespace, labels, owner },
          { ...opts, dependsOn },
        );
      },
      hasPolicies: (namespace) => config.policies === "all" || (config.policies === "made" && isOurs(namespace)),
    },
    registry: config.registry && imageRegistry(config.registry, claim.settled),
    ingressController:
      config.ingress === "ours"
        ? { namespace: name, className: name, hasAddress: exposedUrl === undefined }
        : undefined,
    ingress: ingressShape(config.ingress, name, exposedUrl),
    url: (addresses) => (site === "" ? firstAddress(addresses) : site),
    exposedUrl: firstAddress,
    caCertificate: exposedAuthorityOf({ cluster: config }),
    access: { context, kubeconfig: place },
    uid,
    complete: () => claim.declare({ ...access, owner }, { dependsOn: cluster }),
  };
}

/** The name of what a stack has in the whole cluster: within the limits of a namespace's, and another stack's is another. */
export function ownName(project: string, stack: string): string {
  const plain = `${project}-${stack}`;
  const label = plain
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  const hash = createHash("sha256").update(plain).digest("hex").slice(0, 6);
  return `${label.slice(0, 40).replace(/-+$/, "")}-${hash}`;
}

/** Has every object say whose it is. */
const marked =
  ({
    fleet,
    project,
    stack,
  }: {
    fleet: pulumi.Input<string>;
    project: string;
    stack: string;
  }): pulumi.ResourceTransformation =>
  ({ type, props, opts }) => {
    if (!type.startsWith("kubernetes:")) return undefined;
    const { metadata, ...rest } = props as { metadata: { labels?: object; annotations?: object } };
    const labels = { ...metadata.labels, [fleetLabel]: fleet };
    const annotations = {
      ...metadata.annotations,
      [ownerAnnotations.project]: project,
      [ownerAnnotations.stack]: stack,
    };
    return { props: { ...rest, metadata: { ...metadata, labels, annotations } }, opts };
  };

function imageRegistry(
  { host, user, password, pullSecret }: RegistryConfig,
  ready: Promise<pulumi.Resource>,
): ImageRegistry {
  const server = host.split("/")[0] ?? host;
  const login =
    user === undefined || password === undefined
      ? undefined
      : { server, username: user, password: pulumi.secret(password.secure) };
  const made = login && new PullSecrets(login);
  const secretIn =
    pullSecret === undefined
      ? made && ((...args: Parameters<PullSecrets["in"]>) => made.in(...args))
      : () => pullSecret;
  return { host, ready, login, pullSecret: secretIn };
}

function ingressShape(
  ingress: ExistingClusterConfig["ingress"],
  ownClass: string,
  exposedUrl: string | undefined,
): IngressShape {
  const hasAddress = exposedUrl === undefined;
  // Its own controller writes no address into them.
  if (ingress === "none" || ingress === "ours") return { className: ownClass, hasAddress: false };
  const { class: className, tlsSecret, annotations } = ingress;
  return { className, tlsSecret, annotations, host: siteHost(exposedUrl), hasAddress };
}

/** The host name of a URL, under which a controller that others use, too, knows a site; none of an address. */
function siteHost(url: string | undefined): string | undefined {
  const host = url === undefined ? "" : new URL(url).hostname.replace(/^\[|\]$/g, "");
  return host.includes(".") && isIP(host) === 0 ? host : undefined;
}

/** The URL of the first address that is known; empty while there is none. */
const firstAddress = (addresses: readonly pulumi.Input<string | undefined>[]): pulumi.Output<string> =>
  pulumi.output([...addresses]).apply((all) => {
    const address = all.find((one) => one !== undefined);
    if (address === undefined) return "";
    return isIP(address) === 6 ? `http://[${address}]` : `http://${address}`;
  });
