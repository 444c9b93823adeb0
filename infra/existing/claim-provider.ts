// Users' states hold the path of this file (infra/pulumi/lazy-resource.ts), and no import refers to its functions.
import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { downCommand, upCommand } from "../../config/wording.ts";
import { manifestOf, type ObjectName, titleOf } from "../cluster/object-name.ts";
import { isAsked } from "../ownership/asked.ts";
import { fleetLabel, isOfStack, type OwnerFacts, ownerOfObject } from "./object-owner.ts";
import { accessReviews, lackingMessage, lackingRights, neededRights } from "./rights.ts";
import { type Access, type TryKubectl, withKubeconfig } from "./with-kubeconfig.ts";

/** The resource's inputs, which are its outputs, too. */
export interface ClaimInputs extends Access {
  owner: OwnerFacts;
  /** What the stack makes, as far as it names it itself. */
  objects: ObjectName[];
  /** What it makes under names that Pulumi gives, at random. */
  unnamed: Omit<ObjectName, "name">[];
  /** The namespaces that it uses, and those of them that it makes. */
  namespaces: { used: string[]; made: string[] };
}

/** Seconds that all questions together may take. */
const deadlineSeconds = 90;

/** Finds what would fail, or would change what is others', before anything is changed. */
export async function check(
  olds: Partial<ClaimInputs>,
  news: ClaimInputs,
): Promise<pulumi.dynamic.CheckResult<ClaimInputs>> {
  const failures = await withKubeconfig(news, async (kubectl) => {
    const lacking = await lackingRightsOf(kubectl, news);
    return lacking === undefined ? othersIn(kubectl, olds, news) : [lacking];
  });
  return { inputs: news, failures: failures.map((reason) => ({ property: "", reason })) };
}

async function lackingRightsOf(kubectl: TryKubectl, { objects, unnamed, namespaces, context }: ClaimInputs) {
  const rights = neededRights([...objects, ...unnamed], namespaces);
  if (rights.length === 0) return undefined;
  const args = ["create", "--filename=-", "--validate=false", "--output=jsonpath={.status.allowed}{'\\n'}"];
  const { stdout, error } = await kubectl(args, { input: accessReviews(rights), deadlineSeconds });
  if (error !== undefined) return `the cluster does not say what may be done there: ${error.stderr}`;
  const lacking = lackingRights(
    rights,
    stdout.split("\n").map((answer) => answer === "true"),
  );
  if (lacking.length === 0) return undefined;
  return lackingMessage(context, lacking);
}

/** An object as the API server returns it, as far as it is read here. */
interface LiveObject extends Pick<ObjectName, "apiVersion" | "kind"> {
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
}

/** What stands under our objects' names, and is others'. What the state had before is ours, whatever it says by now. */
async function othersIn(kubectl: TryKubectl, olds: Partial<ClaimInputs>, news: ClaimInputs): Promise<string[]> {
  const known = new Set((olds.objects ?? []).map(titleOf));
  const wanted = news.objects.filter((object) => !known.has(titleOf(object)));
  if (wanted.length === 0) return [];
  const get = ["get", "--filename=-", "--ignore-not-found", "--output=json"];
  const { stdout, error } = await kubectl(get, { input: manifestOf(wanted), deadlineSeconds });
  if (error !== undefined && !/no matches for kind/.test(error.stderr)) {
    return [`the cluster does not say what there is: ${error.stderr}`];
  }
  return refusalsOf(parse(stdout), news.owner);
}

/** Why objects that stand under names of ours can't be taken for ours: those that are so for the same reason together. */
export function refusalsOf(objects: readonly LiveObject[], us: OwnerFacts): string[] {
  const titles = new Map<string, string[]>();
  for (const object of objects) {
    const why = whyNotOurs(object, us);
    if (why === undefined) continue;
    titles.set(why, [...(titles.get(why) ?? []), titleOf({ ...object, ...object.metadata })]);
  }
  return [...titles].map(([why, all]) => `${all.join(", ")} ${why}`);
}

function parse(text: string): LiveObject[] {
  if (text.trim() === "") return [];
  const printed = JSON.parse(text) as LiveObject | { kind: "List"; items: LiveObject[] };
  return "items" in printed ? printed.items : [printed];
}

/** Completes "Service shop/web …"; undefined when the object is ours, or is to be taken over. */
function whyNotOurs(object: LiveObject, us: OwnerFacts): string | undefined {
  const owner = ownerOfObject(object);
  if (owner?.fleet === us.fleet) return undefined;
  const elsewhere = "write another name or namespace";
  if (owner === undefined) return `is there, and was not made by this project: ${elsewhere}, or remove it yourself`;
  if (isAsked("adopt")) return undefined;
  const isSameStack = owner.project === us.project && owner.stack === us.stack;
  if (!isSameStack) return `is stack ${owner.stack}'s of project ${owner.project}: ${elsewhere}`;
  return (
    "was made for a stack of this name by another checkout, or by one whose state is gone. Work on it there. If it is " +
    `gone, take over what it made: ${upCommand(us.stack, "--adopt")}, and then, to remove it: ${downCommand(us.stack)}`
  );
}

export const diff = (_id: string, olds: ClaimInputs, news: ClaimInputs): Promise<pulumi.dynamic.DiffResult> => {
  const says = ({ owner, objects, unnamed, namespaces }: ClaimInputs) => ({ owner, objects, unnamed, namespaces });
  return Promise.resolve({ changes: !isDeepStrictEqual(says(olds), says(news)), replaces: [] });
};

export const create = (inputs: ClaimInputs): Promise<pulumi.dynamic.CreateResult<ClaimInputs>> =>
  Promise.resolve({ id: inputs.owner.fleet, outs: inputs });

export const update = (
  _id: string,
  _olds: ClaimInputs,
  news: ClaimInputs,
): Promise<pulumi.dynamic.UpdateResult<ClaimInputs>> => Promise.resolve({ outs: news });

export const read = (id: string, props?: ClaimInputs): Promise<pulumi.dynamic.ReadResult<ClaimInputs>> =>
  Promise.resolve({ id, props });

/** Removes what a lost state left under random names in namespaces that stay: nothing else knows of it. */
async function remove(_id: string, props: ClaimInputs): Promise<void> {
  const { owner, namespaces } = props;
  const staying = namespaces.used.filter((name) => !namespaces.made.includes(name));
  await withKubeconfig(props, async (kubectl) => {
    for (const namespace of staying) {
      const inNamespace = ["--namespace", namespace];
      const { stdout, error } = await kubectl([
        "get",
        "secrets",
        `--selector=${fleetLabel}`,
        ...inNamespace,
        "--output=json",
      ]);
      const left = error === undefined ? parse(stdout).filter((secret) => isOfStack(secret, owner)) : [];
      for (const { metadata } of left)
        await kubectl(["delete", "secret", metadata.name, "--ignore-not-found", ...inNamespace]);
    }
  });
}
export { remove as delete };
