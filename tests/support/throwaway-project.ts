import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { controlPlaneName } from "../../config/cluster-config.ts";
import { stackFileName } from "../../config/stack-name.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { contextName } from "../../infra/kind/cluster-spec.ts";
import { freePort } from "./free-port.ts";
import { removeCluster, throwawayName, throwawayPrefix } from "./throwaway-clusters.ts";

const root = dirname(dirname(import.meta.dirname));

/** What a checkout needs to run, besides its stack files and the installed packages. */
const parts = [
  "bootstrap",
  "config",
  "examples",
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
  ".npmrc",
  "tsconfig.json",
];

/** What a build of the service writes: each copy makes its own. */
const builtFolder = join(root, "service", "dist");

/** A stack file, as far as tests read it. */
export interface StackFile {
  config: Record<string, unknown>;
}

/** Settings of a cluster, in addition to its name and port. @default those of config/stack-schema.ts */
interface ClusterShape {
  workers?: number;
  ipFamily?: "dual";
}

/** What a command printed, and its exit status. */
export interface Ran {
  status: number;
  stdout: string;
  /** Both streams, interleaved. */
  all: string;
}

/** A copy of the project, with clusters, ports, state and kubeconfig of its own. */
export class ThrowawayProject {
  readonly folder: string;
  readonly kubeconfig: string;
  /** The clusters' names and ports, by stack. */
  readonly clusters = new Map<string, { name: string; httpPort: number }>();

  private constructor(folder: string) {
    this.folder = folder;
    this.kubeconfig = join(folder, "kubeconfig");
  }

  /** @param stacks the stacks whose files are copied, each with a cluster of its own */
  static async create(stacks: readonly string[], shape: ClusterShape = {}): Promise<ThrowawayProject> {
    const project = await ThrowawayProject.checkOut();
    for (const stack of stacks) {
      const text = await readFile(join(root, stackFileName(stack)), "utf8");
      await project.addStack(stack, parse(text) as StackFile, shape);
    }
    return project;
  }

  private static async checkOut(): Promise<ThrowawayProject> {
    const project = new ThrowawayProject(await mkdtemp(join(tmpdir(), throwawayPrefix)));
    const options = {
      recursive: true,
      preserveTimestamps: true,
      filter: (path: string) => !path.startsWith(builtFolder),
    };
    for (const part of parts) await cp(join(root, part), join(project.folder, part), options);
    await symlink(join(root, "node_modules"), join(project.folder, "node_modules"));
    return project;
  }

  /** Another checkout with the same stack files, and so with the same clusters. */
  async secondCheckout(): Promise<ThrowawayProject> {
    const second = await ThrowawayProject.checkOut();
    for (const [stack, cluster] of this.clusters) {
      second.clusters.set(stack, cluster);
      await second.write(stackFileName(stack), await this.read(stackFileName(stack)));
    }
    return second;
  }

  /** Writes a stack file, with a new cluster's name and a free port. */
  async addStack(stack: string, file: StackFile, shape: ClusterShape = {}): Promise<void> {
    const cluster = { name: throwawayName(), httpPort: await freePort() };
    this.clusters.set(stack, cluster);
    const config = { ...file.config, "identity:cluster": { ...cluster, ...shape } };
    await this.write(stackFileName(stack), stringify({ ...file, config }));
  }

  /** Sets one key of a stack's configuration. */
  async setConfig(stack: string, key: string, value: unknown): Promise<void> {
    const file = await this.readStackFile(stack);
    const config = { ...file.config, [`identity:${key}`]: value };
    await this.write(stackFileName(stack), stringify({ ...file, config }));
  }

  async setPeers(stack: string, peers: readonly object[]): Promise<void> {
    await this.setConfig(stack, "peers", peers);
  }

  async readStackFile(stack: string): Promise<StackFile> {
    return parse(await this.read(stackFileName(stack))) as StackFile;
  }

  async read(path: string): Promise<string> {
    return readFile(join(this.folder, path), "utf8");
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(this.folder, path)), { recursive: true });
    await writeFile(join(this.folder, path), content);
  }

  /** Replaces every occurrence of a text. @throws Error when the file does not have it */
  async edit(path: string, from: string, to: string): Promise<void> {
    const before = await this.read(path);
    if (!before.includes(from)) throw new Error(`${path} does not hold ${from}`);
    await this.write(path, before.replaceAll(from, to));
  }

  /** The name of a stack's cluster. */
  clusterName(stack: string): string {
    return this.clusterOf(stack).name;
  }

  /** A stack's cluster, as kubectl finds it. */
  cluster(stack: string): KubectlTarget {
    return { context: contextName(this.clusterName(stack)), kubeconfig: this.kubeconfig };
  }

  /** The container of the first node of a stack's cluster. */
  node(stack: string): string {
    return controlPlaneName(this.clusterName(stack));
  }

  /** The URL of a stack's ingress, from the host. */
  endpoint(stack: string): string {
    return `http://localhost:${this.clusterOf(stack).httpPort}`;
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

  /** Starts a command of the project without npm in between, which passes no signals on. */
  startCommand(command: string, args: readonly string[] = []) {
    return execa(process.execPath, ["bootstrap/run.mjs", "fleet/main.ts", command, ...args], {
      cwd: this.folder,
      env: this.environment(),
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
      timeout: 900_000,
      // It may have something left to do when it is told to end.
      forceKillAfterDelay: false,
    });
  }

  /** Runs one of the project's npm scripts to its end. */
  async run(script: string, ...args: string[]): Promise<Ran> {
    return settled(this.start(script, args));
  }

  /** Runs one that must succeed. @throws Error with everything that it printed */
  async succeed(script: string, ...args: string[]): Promise<Ran> {
    const ran = await this.run(script, ...args);
    if (ran.status !== 0) throw new Error(`npm run ${script} ${args.join(" ")} exited with ${ran.status}:\n${ran.all}`);
    return ran;
  }

  /** Runs a command in a shell, in the project's folder. @throws ExecaError when it fails */
  async shell(command: string, env: Record<string, string> = {}): Promise<Ran> {
    const { exitCode, stdout, all } = await execa("bash", ["-euc", command], {
      cwd: this.folder,
      env: { ...this.environment(), ...env },
      extendEnv: false,
      stdin: "ignore",
      all: true,
      timeout: 600_000,
    });
    return { status: exitCode ?? 1, stdout, all };
  }

  /** Removes everything that the project made: by its own command first, and then whatever is left. */
  async remove(): Promise<void> {
    await this.run("down", "--force").catch(() => undefined);
    for (const { name } of this.clusters.values()) await removeCluster(name);
    await rm(this.folder, { recursive: true, force: true });
  }

  private clusterOf(stack: string): { name: string; httpPort: number } {
    const cluster = this.clusters.get(stack);
    if (cluster === undefined) throw new Error(`this throwaway project has no stack ${stack}`);
    return cluster;
  }

  /** A user's environment: without what this run of the tests has set for itself. */
  private environment(): Record<string, string | undefined> {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !name.startsWith("PULUMI_") && !name.startsWith("npm_"),
    );
    return { ...Object.fromEntries(inherited), KUBECONFIG: this.kubeconfig };
  }
}

/** Waits until a script that was started has ended. */
export async function settled(started: ReturnType<ThrowawayProject["start"]>): Promise<Ran> {
  const { exitCode, stdout, all, signal } = await started;
  return { status: exitCode ?? (signal === undefined ? 1 : 128), stdout, all };
}
