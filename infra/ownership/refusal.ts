import { downCommand, upCommand } from "../../config/wording.ts";
import type { Claim } from "./claim.ts";
import type { Engine } from "./engine.ts";
import { isFrom, type MarkedOwner, type Owner } from "./owner.ts";

/** What a message is about. */
export interface Subject {
  /** The thing, such as `kind cluster "cluster1"`. */
  thing: string;
  /** How the user removes it without this product, for things that are not this product's. */
  removal: string;
}

/** A cluster, for messages. */
export const clusterSubject = (name: string): Subject => ({
  thing: `kind cluster "${name}"`,
  removal: `kind delete cluster --name ${name}`,
});

/** A registry, for messages. */
export const registrySubject = (name: string): Subject => ({
  thing: `the container "${name}"`,
  removal: `docker rm -f ${name}`,
});

/** A key of the project's stack files, such as `identity:cluster.name`. */
export const configKey = (project: string, key: string): string => `${project}:${key}`;

/**
 * Why a thing can't be used or removed, who has it, and what to do; undefined when it can.
 *
 * @param us this stack, as it is now
 */
export function refusal(claim: Claim, { thing, removal }: Subject, us: Omit<Owner, "fleet">): string | undefined {
  const elsewhere = `choose another ${configKey(us.project, "cluster.name")}`;
  switch (claim.by) {
    case "nobody":
    case "us":
      return undefined;
    case "strangers":
      return `${thing} exists and was not made by this project. Delete it yourself (${removal}), or ${elsewhere}`;
    case "a creation":
      return `${thing} is being created right now${creator(claim)}. Wait until it has ended, or ${elsewhere}`;
    case "others": {
      const made = claim.halfMade ? "was begun, and never completed," : "was made";
      const { owner, since } = claim;
      const remedies = `Take it over: ${upCommand(us.stack, "--adopt")}. Remove it: ${downCommand(us.stack, "--adopt")}`;
      if (owner.fleet === undefined) {
        return (
          `${thing} ${made} by an earlier version of this project for ${owner.project}/${owner.stack}, on ` +
          `${moment(since)}, and this state does not know it. Work on it in the checkout that made it, or ` +
          `${elsewhere}. If that one's state is gone: ${decapitalised(remedies)}`
        );
      }
      if (!isFrom(owner, us)) {
        return (
          `${thing} ${made} by another fleet: ${describeOwner(owner)}, on ${moment(since)}. Work on it there, or ` +
          `${elsewhere}. If that one is gone: ${decapitalised(remedies)}`
        );
      }
      if (owner.stack !== us.stack || owner.project !== us.project) {
        return (
          `${thing} ${made} in this folder for stack ${owner.stack} of project ${owner.project}, on ` +
          `${moment(since)}. Take that stack down (${downCommand(owner.stack)}), or rename it if its file was ` +
          `renamed (pulumi stack rename ${us.stack} -s ${owner.stack}). If its state is gone: ${decapitalised(remedies)}`
        );
      }
      return (
        `${thing} ${made} in this folder for stack ${owner.stack}, on ${moment(since)}, and the state that knew it ` +
        `is gone. ${remedies}`
      );
    }
  }
}

/**
 * The refusal when a state's things are on another engine, where nothing here can tell what became of them; undefined
 * when they are not, or when that isn't known.
 *
 * @param was the engine that the state remembers
 * @param now the one that answers
 */
export function otherEngineRefusal(
  thing: string,
  was: Engine | undefined,
  now: Engine | undefined,
  stack: string,
): string | undefined {
  if (was === undefined || now === undefined || was.id === now.id) return undefined;
  return (
    `${thing} is on another Docker engine: ${was.name} (${was.id}), last reached at ${was.address}. The one that ` +
    `answers now, at ${now.address}, is ${now.name} (${now.id}). Go back to it (docker context use …, or ` +
    `DOCKER_HOST=${was.address}). If that engine is gone for good: ${downCommand(stack, "--forget")}`
  );
}

/** An owner, for messages. */
export function describeOwner({ project, stack, folder, user, machine }: MarkedOwner): string {
  const stackOfProject = `stack ${stack} of project ${project}`;
  return folder === undefined ? stackOfProject : `${stackOfProject} in ${folder} (user ${user}, machine ${machine})`;
}

function creator({ pid, owner, since }: Extract<Claim, { by: "a creation" }>): string {
  const process = pid === undefined ? "" : ` by process ${pid}`;
  const whose = owner === undefined ? " by an earlier version of this project" : ` for ${describeOwner(owner)}`;
  return `${process}${whose}, since ${moment(since)}`;
}

/** A moment as Docker or a label tells it, to the second. */
const moment = (since: string) => since.replace(/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d).*$/, "$1 $2");

const decapitalised = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
