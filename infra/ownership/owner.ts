import { downCommand } from "../../config/wording.ts";

/** Who made a cluster or a container, as its mark or label has it: `<project>/<stack>`. */
export const ownerOf = (project: string, stack: string): string => `${project}/${stack}`;

/** The command that takes the owner's stack down. */
export const takeDownCommand = (owner: string): string => downCommand(owner.split("/").at(-1) ?? owner);

/** A key of the owner's stack file, such as `identity:cluster.name`. */
export const configKey = (owner: string, key: string): string => `${owner.split("/")[0] ?? owner}:${key}`;
