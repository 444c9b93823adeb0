import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { StackFiles } from "../../config/read-stacks.ts";
import { placeHere } from "../../infra/ownership/place.ts";
import { type Finding, findingOf, type Survey } from "./finding.ts";
import { readState } from "./read-resources.ts";
import { knowledgeIn, type StackKnowledge } from "./stack-knowledge.ts";
import { surveyEngine } from "./survey.ts";

/** What a stack's state knows, what stands, and whose that is. */
export interface Examination {
  known: StackKnowledge;
  finding: Finding;
  survey: Survey;
}

/**
 * Looks at what stands of a stack before Pulumi is started: once it runs, it may drop from the state what it then finds
 * it can't delete.
 *
 * @param stack @default the backend does not know the stack
 * @param clusters further clusters to look at, by name. @default those of the stack's state and file
 * @throws CommandError when no engine answers
 */
export async function examineStack(
  name: string,
  { project, configs }: StackFiles,
  stack?: Stack,
  clusters: readonly string[] = [],
): Promise<Examination> {
  const known: StackKnowledge = stack === undefined ? { isEmpty: true } : knowledgeIn(await readState(stack));
  const inFile = configs.get(name)?.cluster.name;
  const names = [known.cluster?.name, inFile, ...clusters].filter((cluster) => cluster !== undefined);
  const survey = await surveyEngine(names);
  return { known, finding: findingOf({ project, stack: name, ...placeHere() }, known, survey, names), survey };
}
