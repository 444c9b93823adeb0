import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { addressOf } from "./container-address.ts";
import { removeCluster } from "./throwaway.ts";

/** A site with a certificate of its own authority, in a container on the clusters' network. */
export interface TlsTarget {
  /** The container's name, which others on the network resolve. */
  name: string;
  /** Its address there. */
  address: string;
  /** Serves TLS. */
  url: string;
  caCertificate: string;
  remove(): Promise<void>;
}

/**
 * Starts a site at ports 8443 (TLS) and 8080 that knows itself by its name only: another Host gets 404.
 *
 * @param name a throwaway cluster's, so that what a killed run leaves is found
 * @param image holds Node
 * @param target where it passes requests on to
 */
export async function startTlsTarget(name: string, image: string, target: string): Promise<TlsTarget> {
  const { key, cert } = await certificateOf(name);
  const script = await readFile(join(import.meta.dirname, "in-pod", "tls-target.cjs"), "utf8");
  const argument = JSON.stringify({ name, target, key, cert });
  await execa(
    "docker",
    [
      "run",
      "--detach",
      "--name",
      name,
      "--label",
      `kind-fleet.cluster=${name}`,
      "--network",
      "kind",
      "--entrypoint",
      "/nodejs/bin/node",
      image,
      "-e",
      script,
      argument,
    ],
    { timeout: 60_000 },
  );
  return {
    name,
    address: await addressOf(name),
    url: `https://${name}:8443`,
    caCertificate: cert,
    remove: () => removeCluster(name),
  };
}

async function certificateOf(name: string): Promise<{ key: string; cert: string }> {
  const folder = await mkdtemp(join(tmpdir(), "certificate-"));
  try {
    const files = ["-keyout", join(folder, "key"), "-out", join(folder, "cert")];
    await execa("openssl", [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-subj",
      `/CN=${name.slice(0, 60)}`,
      "-addext",
      `subjectAltName=DNS:${name}`,
      ...files,
    ]);
    return { key: await readFile(join(folder, "key"), "utf8"), cert: await readFile(join(folder, "cert"), "utf8") };
  } finally {
    await rm(folder, { recursive: true });
  }
}
