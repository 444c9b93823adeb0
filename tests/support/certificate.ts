import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../host/command.ts";
import { inTemporaryFolder } from "../../host/temporary-folder.ts";

/**
 * Makes a certificate for a host's name that is its own authority: its key and itself, as PEM.
 *
 * @param addresses what else it is for. @default nothing
 */
export async function createCertificate(
  name: string,
  addresses: readonly string[] = [],
): Promise<{ key: string; cert: string }> {
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  const alternatives = [`DNS:${name}`, ...addresses.map((address) => `IP:${address}`)];
  // A common name has at most 64 characters.
  const names = ["-subj", `/CN=${name.slice(0, 60)}`, "-addext", `subjectAltName=${alternatives.join(",")}`];
  return inTemporaryFolder("certificate-", async (folder) => {
    const [keyFile, certFile] = [join(folder, "key"), join(folder, "cert")];
    await run("openssl", [...request, ...names, "-keyout", keyFile, "-out", certFile]);
    return { key: await readFile(keyFile, "utf8"), cert: await readFile(certFile, "utf8") };
  });
}
