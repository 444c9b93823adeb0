import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { madeHere } from "../../config/cluster-config.ts";
import type { StackFiles } from "../../config/read-stacks.ts";
import { placeHere } from "../../infra/ownership/place.ts";
import { type Finding, findingOf, type Survey } from "./finding.ts";
import { readState, type StackState } from "./read-resources.ts";
import { knowledgeIn, type StackKnowledge } from "./stack-knowledge.ts";
import { surveyEngine } from "./survey.ts";

/** What a stack's state knows, what stands, and whose that is. */
export interface Examination {
  /** @default the backend does not know the stack */
  state?: StackState;
  known: StackKnowledge;
  finding: Finding;
  survey: Survey;
}

/** A stack to look at. */
export interface Examined {
  name: string;
  /** @default the backend does not know the stack */
  stack?: Stack;
  /** Further clusters to look at, by name. @default those of the stack's state and file */
  clusters?: readonly string[];
}

/**
 * Looks at what stands of stacks before Pulumi is started: once it runs, it may drop from the state what it then finds it
 * can't delete.
 *
 * @returns what was found, by stack
 * @throws CommandError when no engine answers
 */
export async function examineStacks(
  stacks: readonly Examined[],
  { project, configs }: StackFiles,
): Promise<Map<string, Examination>> {
  const examined = await Promise.all(
    stacks.map(async ({ name, stack, clusters = [] }) => {
      const state = stack === undefined ? undefined : await readState(stack);
      const known: StackKnowledge = state === undefined ? { isEmpty: true } : knowledgeIn(state);
      const config = configs.get(name);
      const names = [known.cluster?.name, config && madeHere(config.cluster), ...clusters];
      return { name, state, known, names: names.filter((cluster) => cluster !== undefined) };
    }),
  );
  const survey = await surveyEngine(examined.flatMap(({ names }) => names));
  return new Map(
    examined.map(({ name, state, known, names }) => {
      const finding = findingOf({ project, stack: name, ...placeHere() }, known, survey, names);
      return [name, { state, known, finding, survey }];
    }),
  );
}
