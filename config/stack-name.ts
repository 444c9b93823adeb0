/** What Pulumi takes as a stack's name, and so what `Pulumi.<stack>.yaml` can be named for. */
const plainName = /^[A-Za-z0-9_.-]{1,100}$/;

/** Where a stack's name is looked up: the project that asks, and who owns it. */
export interface StackNameScope {
  /** The Pulumi project, as `Pulumi.yaml` names it. */
  project: string;
  /**
   * The Pulumi Cloud organisation. The file and S3-like backends have none, and call it `organization`.
   * @default "organization"
   */
  organization?: string;
}

/** Whether a reference is a stack's plain name (`staging`) or a full one (`organization/project/staging`). */
export function isStackReference(reference: string): boolean {
  const parts = reference.split("/");
  return (parts.length === 1 || parts.length === 3) && parts.every((part) => plainName.test(part));
}

/**
 * The stack of this project that a reference means, or undefined when it means another project's.
 *
 * The organisation is not compared: a project has one home, and its stack files do not say where.
 */
export function localStackName(reference: string, project: string): string | undefined {
  const [first, referredProject, stack] = reference.split("/");
  if (referredProject === undefined) return first;
  return referredProject === project ? stack : undefined;
}

/** The name that `pulumi.StackReference` takes on every backend: `<organization>/<project>/<stack>`. */
export function stackReferenceName(reference: string, scope: StackNameScope): string {
  if (reference.includes("/")) return reference;
  return `${scope.organization ?? "organization"}/${scope.project}/${reference}`;
}
