/** Which versions count as newer than a pinned one. */
export type Within = "any" | "major" | "minor";

/**
 * The newest of some versions, without previews of releases; undefined when there is none.
 *
 * @param pinned the version that is used now
 * @param within how much of it a newer one must have in common
 */
export function newestVersion(versions: readonly string[], pinned: string, within: Within): string | undefined {
  const common = { any: 0, major: 1, minor: 2 }[within];
  const parts = numbersOf(pinned)?.slice(0, common) ?? [];
  return versions
    .map((version) => version.replace(/^v/, ""))
    .filter((version) => parts.every((part, index) => numbersOf(version)?.[index] === part))
    .filter((version) => numbersOf(version) !== undefined)
    .sort(compareVersions)
    .at(-1);
}

/** Negative when the first is older than the second. Both must be releases, such as `1.36.4`. */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [numbersOf(one) ?? [], numbersOf(other) ?? []];
  const index = first.findIndex((part, position) => part !== second[position]);
  return index < 0 ? 0 : (first[index] ?? 0) - (second[index] ?? 0);
}

/** The three numbers of a release; undefined for anything else, such as `1.37.0-rc.1`. */
function numbersOf(version: string): number[] | undefined {
  return /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
}
