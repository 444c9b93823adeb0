import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { controlPlaneName } from "../../config/cluster-config.ts";
import { docker } from "../../host/docker.ts";
import { kind } from "../../host/kind.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { waitFor } from "../../host/wait.ts";
import { certsFolder, contextName, kubeletPatch, registryFolderPatches } from "../../infra/kind/cluster-spec.ts";
import { nodeNetwork } from "../../infra/kind/network.ts";
import { clusterLabel } from "../../infra/ownership/docker-labels.ts";
import { images, versions } from "../../versions.ts";
import { createCertificate } from "./certificate.ts";
import { addressOf } from "./container-address.ts";
import { freePort } from "./free-port.ts";
import { kubectl } from "./kubectl.ts";
import { removeCluster, throwawayName, throwawayPrefix } from "./throwaway-clusters.ts";

/** The registry's user, and the user's password, as it is and as htpasswd has it. */
export const registryUser = { user: "deploy", password: "let-me-in" };
const passwordHash = "$2y$05$bNZ7cfxqVxBGOYPLt3QSxu9eXcoNqy2TGDvMbIl07i.3JpypPqP7C";

/** The IngressClass of the cluster's own controller, and the node's port that leads to it. */
export const theirClass = "theirs";
const theirPort = 30_443;

/** How a cluster that others made differs from the usual one. */
export interface ExistingClusterShape {
  /** The addresses that its pods have. @default "ipv4" */
  ipFamily?: "ipv4" | "ipv6";
  /** How many nodes it has besides the control plane. @default 1 */
  workers?: number;
}

/** A cluster that others made: by bare kind, with workloads and an ingress controller of theirs, and a registry. */
export class ExistingCluster {
  readonly name = throwawayName();
  readonly folder: string;
  readonly target: KubectlTarget;
  /** What image names start with, and the authority of the registry's certificate. */
  registry = "";
  registryAuthority = "";
  /** Where the ingress answers, and the authority of its certificate. */
  url = "";
  caCertificate = "";

  private constructor(folder: string) {
    this.folder = folder;
    this.target = { context: contextName(this.name), kubeconfig: join(folder, "admin.yaml") };
  }

  static async create({ ipFamily = "ipv4", workers = 1 }: ExistingClusterShape = {}): Promise<ExistingCluster> {
    const cluster = new ExistingCluster(await mkdtemp(join(tmpdir(), throwawayPrefix)));
    const { name, folder } = cluster;
    const config = {
      kind: "Cluster",
      apiVersion: "kind.x-k8s.io/v1alpha4",
      networking: { ipFamily },
      containerdConfigPatches: registryFolderPatches,
      nodes: [
        { role: "control-plane", image: images.node, kubeadmConfigPatches: [kubeletPatch(images.node)] },
        ...Array.from({ length: workers }, () => ({ role: "worker", image: images.node })),
      ],
    };
    const flags = ["--name", name, "--config", "-", "--kubeconfig", join(folder, "admin.yaml")];
    await kind(["create", "cluster", ...flags], { input: stringify(config), deadlineSeconds: 300 });
    await Promise.all([cluster.startRegistry(), cluster.addTheirs(ipFamily)]);
    return cluster;
  }

  async remove(): Promise<void> {
    await removeCluster(this.name);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Every object of the cluster that somebody made, as `Kind namespace/name`, but those that come and go by themselves. */
  async objects(): Promise<string[]> {
    const lists = await Promise.all(
      [["--namespaced=true"], ["--namespaced=false"]].map(async (scope) => {
        const names = await kubectl(this.target, ["api-resources", ...scope, "--verbs=list", "--output=name"]);
        const kinds = names
          .split("\n")
          .filter((kind) => !/^(events|leases|endpointslices|.*metrics|ipaddresses)/.test(kind));
        const get = ["get", kinds.join(","), "--all-namespaces", "--ignore-not-found", "--output=json"];
        const { items } = JSON.parse(await kubectl(this.target, get, { deadlineSeconds: 120 })) as { items: Listed[] };
        return items;
      }),
    );
    return lists
      .flat()
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name} ${metadata.uid}`)
      .sort();
  }

  /** Makes a user with the rights of examples/deployer-roles.yaml in a namespace, and returns the kubeconfig's path. */
  async limitedUser(namespace: string): Promise<string> {
    const roles = await readFile(
      join(dirname(dirname(import.meta.dirname)), "examples", "deployer-roles.yaml"),
      "utf8",
    );
    await this.apply(roles.replaceAll("shop", namespace));
    const token = await kubectl(this.target, ["create", "token", "deployer", "--namespace=deployers", "--duration=1h"]);
    const file = join(this.folder, "limited.yaml");
    await writeFile(file, await readFile(join(this.folder, "admin.yaml")));
    const limited = { ...this.target, kubeconfig: file };
    await kubectl(limited, ["config", "set-credentials", "deployer", `--token=${token}`]);
    await kubectl(limited, ["config", "set-context", limited.context, "--user=deployer"]);
    return file;
  }

  /** Applies a manifest as the cluster's administrator. */
  async apply(manifest: string): Promise<void> {
    await kubectl(this.target, ["apply", "--filename=-"], { input: manifest });
  }

  /** A registry with TLS by an authority of its own, and with htpasswd. The nodes know the authority, and nobody's login. */
  private async startRegistry(): Promise<void> {
    const registryName = `${this.name}-registry`;
    const port = await freePort();
    const { key, cert } = await createCertificate(registryName);
    const htpasswd = `${registryUser.user}:${passwordHash}\n`;
    const variables = {
      REGISTRY_HTTP_TLS_CERTIFICATE: "/tls/cert",
      REGISTRY_HTTP_TLS_KEY: "/tls/key",
      REGISTRY_AUTH: "htpasswd",
      REGISTRY_AUTH_HTPASSWD_REALM: "test",
      REGISTRY_AUTH_HTPASSWD_PATH: "/tls/htpasswd",
    };
    for (const [file, content] of Object.entries({ key, cert, htpasswd })) {
      await writeFile(join(this.folder, file), content, { mode: 0o644 });
    }
    await docker([
      "create",
      `--name=${registryName}`,
      `--label=${clusterLabel}=${this.name}`,
      `--network=${nodeNetwork}`,
      `--publish=127.0.0.1:${port}:5000`,
      ...Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`),
      images.registry,
    ]);
    await docker(["cp", this.folder, `${registryName}:/tls`]);
    await docker(["start", registryName]);
    const folder = `${certsFolder}/localhost:${port}`;
    const hosts = `[host."https://${registryName}:5000"]\n  ca = "${folder}/ca.crt"\n`;
    for (const node of (await kind(["get", "nodes", "--name", this.name])).trim().split("\n")) {
      for (const [file, input] of Object.entries({ "ca.crt": cert, "hosts.toml": hosts })) {
        await docker(["exec", "--interactive", node, "install", "-D", "/dev/stdin", `${folder}/${file}`], { input });
      }
    }
    this.registry = `localhost:${port}/acme`;
    this.registryAuthority = cert;
  }

  /** What others run: something of their own in two namespaces, and an ingress controller with TLS. */
  private async addTheirs(ipFamily: "ipv4" | "ipv6"): Promise<void> {
    const isIPv6 = ipFamily === "ipv6";
    const field = isIPv6 ? "GlobalIPv6Address" : "IPAddress";
    const address = await addressOf(controlPlaneName(this.name), field);
    const { key, cert } = await createCertificate(this.name, [address]);
    this.url = `https://${isIPv6 ? `[${address}]` : address}:${theirPort}`;
    this.caCertificate = cert;
    await this.apply(theirManifest({ key, cert }));
    await waitFor("the others' ingress controller", 120, async () => {
      await kubectl(this.target, ["--namespace=theirs", "rollout", "status", "deployment/ingress", "--timeout=20s"]);
    });
  }
}

interface Listed {
  kind: string;
  metadata: { name: string; namespace?: string; uid: string };
}

function theirManifest({ key, cert }: { key: string; cert: string }): string {
  const namespace = "theirs";
  const labels = { app: "ingress" };
  const objects: object[] = [
    ...["theirs", "shop", "deployers"].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "theirs", namespace: "shop" }, data: { a: "b" } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "deployer", namespace: "deployers" } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "ingress", namespace } },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "tls", namespace }, stringData: { key, cert } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "their-ingress" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "ServiceAccount", name: "ingress", namespace }],
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: theirClass },
      spec: { controller: "example.com/theirs" },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "ingress", namespace },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: "ingress",
            volumes: [{ name: "tls", secret: { secretName: "tls" } }],
            containers: [
              {
                name: "skipper",
                image: images.skipper,
                command: ["skipper"],
                args: [
                  "-kubernetes",
                  "-kubernetes-in-cluster",
                  "-enable-kubernetes-endpointslices",
                  "-kubernetes-path-mode=path-prefix",
                  "-kubernetes-https-redirect=false",
                  "-proxy-preserve-host",
                  `-kubernetes-ingress-class=^${theirClass}$`,
                  "-address=:9443",
                  "-tls-cert=/tls/cert",
                  "-tls-key=/tls/key",
                  "-source-poll-timeout=1000",
                ],
                volumeMounts: [{ name: "tls", mountPath: "/tls" }],
                readinessProbe: { tcpSocket: { port: 9443 }, periodSeconds: 1 },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "ingress", namespace },
      spec: { type: "NodePort", selector: labels, ports: [{ port: 443, targetPort: 9443, nodePort: theirPort }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "theirs", namespace: "shop" },
      spec: {
        selector: { matchLabels: { app: "theirs" } },
        template: {
          metadata: { labels: { app: "theirs" } },
          spec: { containers: [{ name: "pause", image: `registry.k8s.io/pause:${versions.pause}` }] },
        },
      },
    },
  ];
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
}
