import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { controlPlane } from "../../infra/kind/cluster-spec.ts";
import { portIsFree } from "../../host/port.ts";
import { isRunning } from "../../host/process.ts";

const root = dirname(dirname(import.meta.dirname));

/** What every throwaway cluster's name begins with, then the id of the process that made it. */
const prefix = "fleet-test-";

/** What a checkout needs to run; the stack files come apart. */
const parts = [
  "bootstrap",
  "config",
  "fleet",
  "host",
  "infra",
  "service",
  "stacks",
  "toolchain",
  "versions.ts",
  "package.json",
  "package-lock.json",
  "Pulumi.yaml",
  "tsconfig.json",
];

/** A stack file's part that says which cluster it is. */
interface StackFile {
  config: Record<string, unknown>;
}

/** What a cluster is made of beside its name and port. */
interface ClusterShape {
  workers?: number;
  ipFamily?: "dual";
}

/** What a command printed, and its exit status. */
export interface Ran {
  status: number;
  stdout: string;
  /** Both streams, as they came. */
  all: string;
}

/** A cluster's name that tells which process made it, and that no other run of tests had. */
export const throwawayName = () => `${prefix}${process.pid}-${randomBytes(3).toString("hex")}`;

/** A copy of the project, with clusters, ports, state and kubeconfig of its own. */
export class ThrowawayProject {
  readonly folder: string;
  readonly kubeconfig: string;
  /** The cluster's name and the host's port, by stack. */
  readonly clusters = new Map<string, { name: string; httpPort: number }>();

  private constructor(folder: string) {
    this.folder = folder;
    this.kubeconfig = join(folder, "kubeconfig");
  }

  /** @param stacks the stack files to take over, each with a cluster of its own */
  static async create(stacks: readonly string[], shape: ClusterShape = {}): Promise<ThrowawayProject> {
    const project = new ThrowawayProject(await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`)));
    const source = (path: string) => !path.startsWith(join(root, "service", "dist"));
    for (const part of parts)
      await cp(join(root, part), join(project.folder, part), {
        recursive: true,
        preserveTimestamps: true,
        filter: source,
      });
    await symlink(join(root, "node_modules"), join(project.folder, "node_modules"));
    for (const stack of stacks)
      await project.addStack(
        stack,
        parse(await readFile(join(root, `Pulumi.${stack}.yaml`), "utf8")) as StackFile,
        shape,
      );
    return project;
  }

  /** Writes a stack file with a cluster and a port that nobody has. */
  async addStack(stack: string, file: StackFile, shape: ClusterShape = {}): Promise<void> {
    const cluster = { name: throwawayName(), httpPort: await freePort() };
    this.clusters.set(stack, cluster);
    const config = { ...file.config, "identity:cluster": { ...cluster, ...shape } };
    await this.write(`Pulumi.${stack}.yaml`, stringify({ ...file, config }));
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(this.folder, path)), { recursive: true });
    await writeFile(join(this.folder, path), content);
  }

  async read(path: string): Promise<string> {
    return readFile(join(this.folder, path), "utf8");
  }

  /** Replaces a text that is there. */
  async edit(path: string, from: string, to: string): Promise<void> {
    const before = await this.read(path);
    if (!before.includes(from)) throw new Error(`${path} does not hold ${from}`);
    await this.write(path, before.replaceAll(from, to));
  }

  /** The context of a stack's cluster. */
  cluster(stack: string) {
    return { context: `kind-${this.clusters.get(stack)?.name ?? ""}`, kubeconfig: this.kubeconfig };
  }

  /** The container of a stack's control plane. */
  node(stack: string): string {
    return controlPlane(this.clusters.get(stack)?.name ?? "");
  }

  /** Writes what a stack refers to into its file. */
  async setPeers(stack: string, peers: readonly object[]): Promise<void> {
    const file = parse(await this.read(`Pulumi.${stack}.yaml`)) as StackFile;
    await this.write(
      `Pulumi.${stack}.yaml`,
      stringify({ ...file, config: { ...file.config, "identity:peers": peers } }),
    );
  }

  /** Where a stack's ingress answers. */
  endpoint(stack: string): string {
    return `http://localhost:${this.clusters.get(stack)?.httpPort ?? 0}`;
  }

  /** Starts one of the project's npm scripts. */
  start(script: string, args: readonly string[] = [], env: Record<string, string> = {}) {
    return execa("npm", ["run", "--silent", script, "--", ...args], {
      cwd: this.folder,
      env: { ...this.environment(), ...env },
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
      timeout: 600_000,
    });
  }

  /** Runs a command in a shell, in the project's folder. @throws ExecaError when it fails */
  async shell(command: string): Promise<Ran> {
    const { exitCode, stdout, all } = await execa("bash", ["-euc", command], {
      cwd: this.folder,
      env: this.environment(),
      extendEnv: false,
      stdin: "ignore",
      all: true,
      timeout: 600_000,
    });
    return { status: exitCode ?? 1, stdout, all };
  }

  /** A user's environment: without what this run of the tests has set for itself. */
  private environment(): Record<string, string | undefined> {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !name.startsWith("PULUMI_") && !name.startsWith("npm_"),
    );
    return { ...Object.fromEntries(inherited), KUBECONFIG: this.kubeconfig };
  }

  /** Runs one of the project's npm scripts to its end. */
  async run(script: string, ...args: string[]): Promise<Ran> {
    return settled(this.start(script, args));
  }

  /** Runs one that is expected to work. @throws Error with all that it printed */
  async succeed(script: string, ...args: string[]): Promise<Ran> {
    const ran = await this.run(script, ...args);
    if (ran.status !== 0) throw new Error(`npm run ${script} ${args.join(" ")} exited with ${ran.status}:\n${ran.all}`);
    return ran;
  }

  /** Takes away all that the project made, by its own command first, and then whatever is left. */
  async remove(): Promise<void> {
    await this.run("down", "--force").catch(() => undefined);
    for (const { name } of this.clusters.values()) await removeCluster(name);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Waits for a started script. */
export async function settled(started: ReturnType<ThrowawayProject["start"]>): Promise<Ran> {
  const { exitCode, stdout, all, signal } = await started;
  return { status: exitCode ?? (signal === undefined ? 1 : 128), stdout, all };
}

/** Whether a name is of a test run that was killed. */
function isLeft(name: string): boolean {
  const [, pid] = new RegExp(`^${prefix}(\\d+)-`).exec(name) ?? [];
  return pid !== undefined && !isRunning(Number(pid));
}

/** Removes the clusters and folders of test runs that were killed. */
export async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir()))
    if (isLeft(name)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  for (const label of ["io.x-k8s.kind.cluster", "kind-fleet.cluster"]) {
    for (const kind of [
      ["ps", "--all"],
      ["volume", "ls"],
    ]) {
      const { stdout } = await execa("docker", [
        ...kind,
        "--filter",
        `label=${label}`,
        "--format",
        `{{.Label "${label}"}}`,
      ]);
      for (const name of new Set(stdout.split("\n"))) if (isLeft(name)) await removeCluster(name);
    }
  }
}

/** Removes a throwaway cluster's containers and volumes, by their labels. */
export async function removeCluster(name: string): Promise<void> {
  for (const label of ["io.x-k8s.kind.cluster", "kind-fleet.cluster"]) {
    const filter = ["--filter", `label=${label}=${name}`];
    const containers = await execa("docker", ["ps", "--all", "--quiet", ...filter]);
    if (containers.stdout !== "")
      await execa("docker", ["rm", "--force", "--volumes", ...containers.stdout.split("\n")]);
    const volumes = await execa("docker", ["volume", "ls", "--quiet", ...filter]);
    if (volumes.stdout !== "") await execa("docker", ["volume", "rm", "--force", ...volumes.stdout.split("\n")]);
  }
}

const given = new Set<number>();

/** A port that is free, as is the registry's that follows from it; both below those that systems give to connections. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 5000);
    if (given.has(port)) continue;
    given.add(port);
    if ((await portIsFree(port)) && (await portIsFree(port + 5000))) return port;
  }
  throw new Error("no free port between 20000 and 25000");
}
