import { relative } from "node:path";
import { watch } from "chokidar";
import { UserError } from "../user-error.ts";
import type { Save } from "./coalescer.ts";
import { isNoise, type Source } from "./source.ts";

/** A file's own time counts as the time of its save, unless it is older than this: then it was copied or moved. */
const longestNoticeMilliseconds = 2_000;

/**
 * Watches a source's folder.
 *
 * @param onSave called with each file that was made, changed or removed, and matters for the source
 * @param onError called when the folder can't be watched any more
 * @returns a function that ends it
 * @throws UserError when the folder can't be watched
 */
export async function watchSource(
  { folder, otherFiles = [], kindOf }: Source,
  onSave: (save: Save) => void,
  onError: (error: Error) => void,
): Promise<() => Promise<void>> {
  const watcher = watch([folder, ...otherFiles], {
    ignoreInitial: true,
    alwaysStat: true,
    ignored: (path, stats) =>
      isNoise(relative(folder, path)) || (stats?.isFile() === true && kindOf(path) === "nothing"),
  });
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  watcher.on("ready", () => resolve(undefined));
  watcher.on("error", (error) => {
    const explained = explain(folder, error);
    reject(explained);
    onError(explained);
  });
  watcher.on("all", (event, path, stats) => {
    if (event.endsWith("Dir") || kindOf(path) === "nothing") return;
    onSave({ path, at: timeOfSave(stats?.mtimeMs, Date.now()) });
  });
  try {
    await promise;
  } catch (error) {
    await watcher.close();
    throw error;
  }
  return () => watcher.close();
}

/** When a file was saved. @param modified the file's own time; undefined for one that was removed */
export const timeOfSave = (modified: number | undefined, now: number): number =>
  modified !== undefined && modified <= now && now - modified < longestNoticeMilliseconds ? modified : now;

function explain(folder: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== "ENOSPC" && code !== "EMFILE") return new UserError(`${folder} can't be watched: ${message}`);
  return new UserError(
    `${folder} can't be watched, since too many files are watched already. ` +
      "Raise the limits: sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512",
  );
}
