/** The names that Pulumi accepts for stacks, and that stack files can have. */
const plainName = /^[A-Za-z0-9_.-]{1,100}$/;

/** The name of a stack's file. */
export const stackFileName = (stack: string): string => `Pulumi.${stack}.yaml`;

/** The stack that a file belongs to; undefined for `Pulumi.yaml` itself and for all other files. */
export function stackOfFile(file: string): string | undefined {
  const stack = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
  return stack !== undefined && isStackReference(stack) ? stack : undefined;
}

/** The organisation in full stack names on Pulumi's file and S3-like backends, which have no others. */
export const localOrganization = "organization";

/** What a stack's plain name needs to become a full one. */
export interface StackNameScope {
  /** The Pulumi project, as `Pulumi.yaml` names it. */
  project: string;
  /**
   * The Pulumi Cloud organisation.
   * @default {@link localOrganization}
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
 * The organisation is not compared: a project is kept in only one, and its stack files do not name it.
 */
export function localStackName(reference: string, project: string): string | undefined {
  const [first, referredProject, stack] = reference.split("/");
  if (referredProject === undefined) return first;
  return referredProject === project ? stack : undefined;
}

/** The name that `pulumi.StackReference` accepts on every backend: `<organization>/<project>/<stack>`. */
export function stackReferenceName(reference: string, scope: StackNameScope): string {
  if (reference.includes("/")) return reference;
  return `${scope.organization ?? localOrganization}/${scope.project}/${reference}`;
}
