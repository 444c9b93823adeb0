import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeInImage } from "../../fleet/proof/call-from-pod.ts";
import { docker } from "../../host/docker.ts";
import { nodeNetwork } from "../../infra/kind/network.ts";
import { clusterLabel } from "../../infra/ownership/docker-labels.ts";
import { createCertificate } from "./certificate.ts";
import { addressOf } from "./container-address.ts";
import { removeCluster } from "./throwaway-clusters.ts";

/** A site with a certificate of its own authority, in a container on the nodes' network. */
export interface TlsTarget {
  /** The container's name, which is its host name on the network. */
  name: string;
  /** The container's address on the network. */
  address: string;
  /** An https URL. */
  url: string;
  /** The authority's certificate, as PEM. */
  caCertificate: string;
  remove(): Promise<void>;
}

/**
 * Starts a site on the ports 8443 (TLS) and 8080 (plain). It answers 404 when it is called by another name than its own.
 *
 * @param name a throwaway cluster's, so that the next run of tests removes what a killed one has left
 * @param image an image with Node
 * @param target the URL that it passes requests on to
 */
export async function startTlsTarget(name: string, image: string, target: string): Promise<TlsTarget> {
  const { key, cert } = await createCertificate(name);
  const script = await readFile(join(import.meta.dirname, "in-pod", "tls-target.cjs"), "utf8");
  const argument = JSON.stringify({ name, target, key, cert });
  const identification = ["--name", name, "--label", `${clusterLabel}=${name}`, "--network", nodeNetwork];
  await docker(["run", "--detach", ...identification, "--entrypoint", nodeInImage, image, "-e", script, argument]);
  return {
    name,
    address: await addressOf(name),
    url: `https://${name}:8443`,
    caCertificate: cert,
    remove: () => removeCluster(name),
  };
}
