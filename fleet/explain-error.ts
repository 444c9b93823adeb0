import { ConfigError } from "../config/config-error.ts";
import { StackFileError } from "../config/stack-files.ts";
import { InterruptedError } from "../host/interruption.ts";
import { ToolchainError } from "../toolchain/index.ts";
import { UserError } from "./user-error.ts";

/** What a failing call of the operating system means, and what to do about it. The key is its code. */
const systemErrors: Record<string, (path: string) => string> = {
  EACCES: (path) => `permission denied. Make it yours: sudo chown -R "$(id -u)" ${path}`,
  EPERM: (path) => `it belongs to another user. Make it yours: sudo chown -R "$(id -u)" ${path}`,
  EROFS: () =>
    "its file system is read-only. Set XDG_CACHE_HOME (the tools) or KUBECONFIG to a place that can be written",
  ENOSPC: () => "the disk is full. Make room (docker system df shows what Docker has), and run the command again",
  EDQUOT: () => "your quota of the disk is used up. Make room, and run the command again",
  EMFILE: () => "too many files are open. Raise the limit: ulimit -n 4096",
  ENFILE: () => "the machine has too many files open. End what opens them, or raise fs.file-max",
  ENOTDIR: () => "a part of its path is a file, and should be a folder. Move that file away",
  EISDIR: () => "it is a folder, and should be a file. Move it away",
  ELOOP: () => "its path has links that lead to one another. Remove them",
  EIO: () => "the disk reports an error",
  ENOENT: () => "there is no such file or folder",
};

/** What the user sees of an error: the message alone where they can solve it, a stack trace for anything else. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const usersErrors = [UserError, StackFileError, ConfigError, ToolchainError, InterruptedError];
  if (usersErrors.some((type) => error instanceof type)) return error.message;
  return explainSystemError(error) ?? error.stack ?? error.message;
}

/** A failing call of the operating system on one line; undefined when the error is none, or says nothing of a file. */
function explainSystemError(error: NodeJS.ErrnoException): string | undefined {
  const { code, path, syscall } = error;
  const explain = code === undefined ? undefined : systemErrors[code];
  if (explain === undefined || (path === undefined && code !== "ENOSPC" && code !== "EMFILE")) return undefined;
  return `${path ?? "The disk"}: ${explain(path ?? "")} (${syscall ?? "?"}: ${code}).`;
}
