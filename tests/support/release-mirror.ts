import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { arch, platform, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pulumiHome } from "../../fleet/setup/folders.ts";
import { run } from "../../host/command.ts";
import { versions } from "../../versions.ts";
import { createCertificate } from "./certificate.ts";
import { throwawayPrefix } from "./throwaway-clusters.ts";

/** Where an official release lies below the mirror, and what it is made from. */
interface Release {
  /** The path of the file that is downloaded. */
  path: string;
  /** The path of its checksums, and their text. */
  sums: { path: string; text: (sum: string) => string };
  /** The executables in it, by their paths on this machine. */
  files: string[];
  /** The folder of an archive that they are in. @default it is no archive, but the executable itself */
  folder?: string;
}

/** A server with an authority of its own, laid out like GitHub's releases and dl.k8s.io. */
export interface ReleaseMirror {
  github: string;
  kubernetes: string;
  /** The path of the authority's certificate. */
  caFile: string;
  /** The SHA-256 of each file, by the name of its tool in `versions.ts`. */
  sums: Record<string, string>;
  /** The paths that were asked for. */
  requested: string[];
  /** Hands out something else in place of a tool's file from now on. */
  corrupt(tool: string): void;
  /** Sends only the beginning of a tool's file from now on, and nothing more. Waits until somebody has asked for it. */
  stall(tool: string): Promise<void>;
  /** Hands out every file as it is again. */
  mend(): void;
  remove(): Promise<void>;
}

const system = platform();
const processor = arch() === "x64" ? "amd64" : arch();
const bin = (name: string) => join(pulumiHome, "bin", name);

/** The releases of everything that the toolchain has here, with official names and official forms of checksums. */
function releases(): Record<string, Release> {
  const { pulumi, pulumiKubernetes, kind, kubernetes } = versions;
  const archive = `pulumi-v${pulumi}-${system}-${arch()}.tar.gz`;
  const plugin = `pulumi-resource-kubernetes-v${pulumiKubernetes}-${system}-${processor}.tar.gz`;
  const ofPulumi = `/github/pulumi/pulumi/releases/download/v${pulumi}`;
  const ofPlugin = `/github/pulumi/pulumi-kubernetes/releases/download/v${pulumiKubernetes}`;
  const ofKind = `/github/kubernetes-sigs/kind/releases/download/v${kind}/kind-${system}-${processor}`;
  const ofKubectl = `/k8s/release/v${kubernetes}/bin/${system}/${processor}/kubectl`;
  const list = (name: string) => (sum: string) => `${"0".repeat(64)}  another.tar.gz\n${sum}  ${name}\n`;
  return {
    pulumi: {
      path: `${ofPulumi}/${archive}`,
      sums: { path: `${ofPulumi}/pulumi-${pulumi}-checksums.txt`, text: list(archive) },
      files: ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"].map(bin),
      folder: "pulumi",
    },
    kind: {
      path: ofKind,
      sums: { path: `${ofKind}.sha256sum`, text: (sum) => `${sum}  kind-${system}-${processor}\n` },
      files: [bin("kind")],
    },
    kubectl: {
      path: ofKubectl,
      sums: { path: `${ofKubectl}.sha256`, text: (sum) => sum },
      files: [bin("kubectl")],
    },
    "pulumi-kubernetes": {
      path: `${ofPlugin}/${plugin}`,
      sums: { path: `${ofPlugin}/pulumi-kubernetes_${pulumiKubernetes}_checksums.txt`, text: list(plugin) },
      files: [join(pulumiHome, "plugins", `resource-kubernetes-v${pulumiKubernetes}`, "pulumi-resource-kubernetes")],
      folder: ".",
    },
  };
}

/** Starts the server. Downloads are redirected to another host name, as GitHub does it. */
export async function startReleaseMirror(): Promise<ReleaseMirror> {
  const folder = await mkdtemp(join(tmpdir(), `${throwawayPrefix}mirror-`));
  const files = new Map<string, string>();
  const texts = new Map<string, string>();
  const sums: Record<string, string> = {};
  const paths: Record<string, string> = {};
  for (const [tool, release] of Object.entries(releases())) {
    const file = join(folder, tool);
    await pack(release, file);
    const sum = await sha256(file);
    sums[tool] = sum;
    paths[tool] = release.path;
    files.set(release.path, file);
    texts.set(release.sums.path, release.sums.text(sum));
  }
  const caFile = join(folder, "ca.pem");
  const tls = await createCertificate("localhost", ["127.0.0.1"]);
  await writeFile(caFile, tls.cert);
  const requested: string[] = [];
  let stalled: { path: string; asked: () => void } | undefined;
  const server: Server = createServer(tls, (request, response) => {
    const { url = "", headers, method } = request;
    requested.push(url);
    const text = texts.get(url);
    const file = files.get(url);
    if (text !== undefined) return void response.end(text);
    if (file === undefined) return void response.writeHead(404).end("Not Found");
    if (headers.host?.startsWith("localhost") === true) {
      return void response.writeHead(302, { location: `https://127.0.0.1:${portOf(server)}${url}` }).end();
    }
    void stat(file).then(({ size }) => {
      response.writeHead(200, { "content-length": size });
      if (method === "HEAD") response.end();
      else if (url === stalled?.path)
        createReadStream(file, { end: 1e6 }).on("end", stalled.asked).pipe(response, { end: false });
      else createReadStream(file).pipe(response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `https://localhost:${portOf(server)}`;
  return {
    github: `${url}/github`,
    kubernetes: `${url}/k8s`,
    caFile,
    sums,
    requested,
    corrupt: (tool) => void files.set(paths[tool] ?? "", caFile),
    stall: (tool) =>
      new Promise((asked) => {
        stalled = { path: paths[tool] ?? "", asked };
      }),
    mend() {
      stalled = undefined;
      for (const [tool, path] of Object.entries(paths)) files.set(path, join(folder, tool));
    },
    async remove() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function pack({ files, folder }: Release, target: string): Promise<void> {
  const [first = ""] = files;
  if (folder === undefined) return copyFile(first, target);
  const work = `${target}.d`;
  await mkdir(join(work, folder), { recursive: true });
  for (const file of files) await copyFile(file, join(work, folder, basename(file)));
  // Fast rather than small: it is unpacked in a moment.
  const options = { cwd: dirname(target), env: { GZIP: "-1" }, deadlineSeconds: 300 };
  await run("tar", ["-czf", target, "-C", work, folder], options);
  await rm(work, { recursive: true });
}

async function sha256(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}
