import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, chmod, chown, mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { kind } from "../../host/kind.ts";
import { kubeconfigFiles } from "../../host/kubeconfig-files.ts";
import { withFileLock } from "../../host/file-lock.ts";
import { inTemporaryFolder } from "../../host/temporary-folder.ts";
import { clusterOfContext } from "./cluster-spec.ts";
import {
  entriesOf,
  firstOf,
  KubeconfigTextError,
  leadToTheSame,
  mentions,
  withEntries,
  withoutContext,
} from "./kubeconfig-text.ts";

/** What relative paths in KUBECONFIG start from where no command of ours has made them whole: plain `pulumi` runs here. */
const projectFolder = dirname(dirname(import.meta.dirname));

/** One of the files that the user's kubeconfig consists of. */
export interface KubeconfigFile {
  path: string;
  exists: boolean;
  /** Whether this user can write it, or make it. */
  writable: boolean;
  /** Whether it has the context that is looked for. */
  mentions: boolean;
}

/**
 * The file that a context is written to: the one that has it, or else, as kubectl chooses, the first one that exists, or
 * else the last one; in each case of those that can be written. Undefined when there is none.
 */
export function fileFor(files: readonly KubeconfigFile[]): string | undefined {
  const able = files.filter(({ writable }) => writable);
  const chosen = able.find(({ mentions }) => mentions) ?? able.find(({ exists }) => exists) ?? able.at(-1);
  return chosen?.path;
}

/**
 * Makes sure that the context in the user's kubeconfig leads to its cluster. The current context stays as it is, also
 * where there is none: every command here names its context.
 *
 * @throws Error when no file of the kubeconfig can be written
 */
export async function ensureKubeconfigContext(context: string): Promise<void> {
  const wanted = entriesOf(await readKubeconfig(clusterOfContext(context)), context);
  const { paths, present } = await presentEntries(context);
  if (leadToTheSame(firstOf(present), wanted)) return;
  const path = fileFor(await lookAt(paths, context));
  if (path === undefined) throw new Error(unwritableKubeconfig(paths));
  await edit(path, (text) => withEntries(text, context, wanted));
  const hiding = paths.slice(0, paths.indexOf(path)).find((_, index) => Object.keys(present[index] ?? {}).length > 0);
  if (hiding !== undefined) {
    throw new Error(
      `${hiding} has another context ${context}, and can't be written: remove it there, or make it writable`,
    );
  }
}

/** What the user's kubeconfig says of a context, as a hash. */
export async function contextFingerprint(context: string): Promise<string> {
  const { present } = await presentEntries(context);
  return createHash("sha256")
    .update(JSON.stringify(firstOf(present)))
    .digest("hex");
}

/** What each file of the user's kubeconfig says of a context. */
async function presentEntries(context: string) {
  const paths = kubeconfigFiles(projectFolder);
  const present = await Promise.all(paths.map(async (path) => entriesIn(path, await textOf(path), context)));
  return { paths, present };
}

/** Why contexts can't be written to the user's kubeconfig; undefined when they can. */
export async function kubeconfigProblem(): Promise<string | undefined> {
  const paths = kubeconfigFiles(projectFolder);
  return fileFor(await lookAt(paths)) === undefined ? unwritableKubeconfig(paths) : undefined;
}

/**
 * Removes a context from every file of the user's kubeconfig.
 *
 * @returns a line for each file that still has it, with the reason and what to do
 */
export async function removeKubeconfigContext(context: string): Promise<string[]> {
  const left: string[] = [];
  for (const path of kubeconfigFiles(projectFolder)) {
    try {
      const text = await textOf(path);
      if (text !== undefined && mentions(text, context)) await edit(path, (now) => withoutContext(now, context));
    } catch (error) {
      // What can't be read as a kubeconfig has no context that kubectl could use.
      if (!(error instanceof KubeconfigTextError)) left.push(contextLeft(path, context, error));
    }
  }
  return left;
}

/** The administrator's kubeconfig of a kind cluster. */
export const readKubeconfig = (cluster: string): Promise<string> => kind(["get", "kubeconfig", "--name", cluster]);

/**
 * Has kind work on a kubeconfig of its own, in place of the user's, where it would change the current context.
 *
 * @param work is given the flag for kind
 */
export const withoutUsersKubeconfig = <T>(work: (flag: string) => Promise<T>): Promise<T> =>
  inTemporaryFolder("kind-kubeconfig-", (folder) => work(`--kubeconfig=${join(folder, "config")}`));

const unwritableKubeconfig = (paths: readonly string[]): string =>
  `The kubeconfig can't be written: ${paths.join(", ")}. Make it writable, or set KUBECONFIG to a file of your own.`;

const contextLeft = (path: string, context: string, error: unknown): string =>
  `the context ${context} is still in ${path}, which can't be written (${(error as Error).message}): once it can be, ` +
  `KUBECONFIG=${path} kubectl config delete-context ${context}`;

function entriesIn(path: string, text: string | undefined, context: string) {
  try {
    return text === undefined ? {} : entriesOf(text, context);
  } catch (error) {
    throw error instanceof KubeconfigTextError ? new Error(`${path} ${error.message}`) : error;
  }
}

const lookAt = (paths: readonly string[], context?: string): Promise<KubeconfigFile[]> =>
  Promise.all(
    paths.map(async (path) => {
      const text = await textOf(path);
      const isMentioned = context !== undefined && Object.keys(entriesIn(path, text, context)).length > 0;
      return { path, exists: text !== undefined, writable: await canWrite(path), mentions: isMentioned };
    }),
  );

/** A file's text; undefined when there is no such file, or this user can't read it. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

async function canWrite(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (info !== undefined) return info.isFile() && (await may(path, constants.R_OK | constants.W_OK));
  // It would be made, with its folder.
  let folder = dirname(path);
  while (!(await may(folder, constants.F_OK)) && dirname(folder) !== folder) folder = dirname(folder);
  return may(folder, constants.W_OK | constants.X_OK);
}

const may = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

/** Changes a file while kubectl, kind and others of us leave it alone. */
async function edit(path: string, change: (text: string) => string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  // A lock of kubectl's and kind's kind, by the name that they both look for.
  await withFileLock(`${path}.lock`, async () => {
    const before = (await textOf(path)) ?? "";
    const after = change(before);
    if (after !== before) await replace(path, after);
  });
}

/** Replaces a file's content in one step, so that whoever is killed meanwhile leaves the whole of one or the other. */
async function replace(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const info = await stat(target).catch(() => undefined);
  const temporary = join(dirname(target), `.${process.pid}-kubeconfig`);
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    if (info !== undefined) {
      await chmod(temporary, info.mode & 0o777);
      if (info.uid !== process.getuid?.()) await chown(temporary, info.uid, info.gid);
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    // Its folder may be closed where the file itself is not, or it is mounted by itself.
    if (info === undefined || !["EACCES", "EPERM", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    await writeFile(target, text);
  }
}
