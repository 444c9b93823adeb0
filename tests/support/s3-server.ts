import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { waitFor } from "../../host/wait.ts";
import { ensureTestTools, reportTo } from "../../toolchain/index.ts";
import { freePort } from "./free-port.ts";

const bucket = "acme-fleet-state";

/** A server that speaks S3 and asks for credentials, with one bucket, as a backend for Pulumi. */
export class S3Server {
  /** Who may use it, in the variables that S3's tools read. */
  readonly credentials = { AWS_ACCESS_KEY_ID: "runner", AWS_SECRET_ACCESS_KEY: "not-for-everybody" };
  private readonly bucketFolder: string;
  private readonly address: string;
  private readonly process: { kill(): boolean; catch(onEnd: () => undefined): Promise<unknown> };

  private constructor(program: string, folder: string, port: number) {
    this.bucketFolder = join(folder, "objects", bucket);
    this.address = `127.0.0.1:${port}`;
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = this.credentials;
    const folders = ["--sidecar", join(folder, "about-objects"), join(folder, "objects")];
    this.process = execa(program, ["--quiet", "--port", this.address, "posix", ...folders], {
      env: { ROOT_ACCESS_KEY_ID: AWS_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
  }

  /** @param folder where it keeps what it is given */
  static async start(folder: string): Promise<S3Server> {
    const { versitygw } = await ensureTestTools(["versitygw"], { report: reportTo(process.stderr) });
    await mkdir(join(folder, "about-objects"), { recursive: true });
    await mkdir(join(folder, "objects", bucket), { recursive: true });
    const server = new S3Server(versitygw, folder, await freePort());
    await waitFor("the S3 server", 20, async () => {
      await fetch(`http://${server.address}`);
    });
    return server;
  }

  /** The bucket as a backend of Pulumi's. */
  backendUrl(name = bucket): string {
    return `s3://${name}?endpoint=http://${this.address}&use_path_style=true&region=us-east-1`;
  }

  /** The paths of the objects in the bucket. */
  async objects(): Promise<string[]> {
    const entries = await readdir(this.bucketFolder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.bucketFolder.length + 1))
      .sort();
  }

  /** Puts an object into the bucket. */
  async put(path: string, content: string): Promise<void> {
    const file = join(this.bucketFolder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  async stop(): Promise<void> {
    this.process.kill();
    await this.process.catch(() => undefined);
  }
}
