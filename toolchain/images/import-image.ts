import { execa, ExecaError } from "execa";
import { ToolchainError } from "../core/toolchain-error.ts";

/** The label by which an image made here says what it was made from; a pulled one has none. */
export const keyLabel = "toolchain.key";

/** An image's configuration, as a Dockerfile would set it. */
export type Changes = readonly string[];

/** Makes a folder the one layer of an image. */
export async function importImage(folder: string, name: string, key: string, changes: Changes): Promise<void> {
  const options = [...changes, `LABEL ${keyLabel}=${key}`].flatMap((change) => ["--change", change]);
  try {
    await execa("tar", ["-C", folder, "--owner=0", "--group=0", "--numeric-owner", "-cf", "-", "."], {
      stdin: "ignore",
      encoding: "buffer",
      buffer: false,
    }).pipe("docker", ["import", ...options, "-", name]);
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new ToolchainError(`${error.shortMessage}\n${String(error.stderr)}`, { cause: error });
  }
}
