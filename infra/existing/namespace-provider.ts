// Users' states hold the path of this file (infra/pulumi/lazy-resource.ts), and no import refers to its functions.
import type * as pulumi from "@pulumi/pulumi";
import type { CommandError } from "../../host/command.ts";
import { partOfLabel } from "../manifest/labels.ts";
import { isAsked } from "../ownership/asked.ts";
import { fleetLabel, ownerAnnotations, type OwnerFacts, ownerOfObject } from "./object-owner.ts";
import { othersObjects, type ListedObject } from "./others-objects.ts";
import { type Access, type TryKubectl, withKubeconfig } from "./with-kubeconfig.ts";

/** The resource's inputs, which are its outputs, too. */
export interface NamespaceInputs extends Access {
  name: string;
  labels: Record<string, string>;
  owner: OwnerFacts;
}

/** Seconds that the deletion of a namespace, which is empty but for what Kubernetes itself has in it, may take. */
const deletionSeconds = 120;

export const check = (
  _olds: Partial<NamespaceInputs>,
  news: NamespaceInputs,
): Promise<pulumi.dynamic.CheckResult<NamespaceInputs>> => Promise.resolve({ inputs: news, failures: [] });

/** Compares the inputs with the last ones, and with what stands. */
export async function diff(
  _id: string,
  olds: NamespaceInputs,
  news: NamespaceInputs,
): Promise<pulumi.dynamic.DiffResult> {
  const isOther = olds.name !== news.name;
  const live = await withKubeconfig(news, (kubectl) => find(kubectl, news.name));
  const has = { ...live?.metadata.labels };
  const isLabelled = Object.entries(labelsOf(news)).every(([label, value]) => has[label] === value);
  const changes = isOther || !isLabelled || olds.kubeconfig !== news.kubeconfig || olds.context !== news.context;
  return { changes, replaces: isOther ? ["name"] : [], deleteBeforeReplace: true };
}

/** @throws Error when a namespace of that name is others' */
export async function create(inputs: NamespaceInputs): Promise<pulumi.dynamic.CreateResult<NamespaceInputs>> {
  await withKubeconfig(inputs, (kubectl) => ensure(kubectl, inputs));
  return { id: inputs.name, outs: inputs };
}

/** @throws Error when a namespace of that name is others' by now */
export async function update(
  _id: string,
  _olds: NamespaceInputs,
  news: NamespaceInputs,
): Promise<pulumi.dynamic.UpdateResult<NamespaceInputs>> {
  await withKubeconfig(news, (kubectl) => ensure(kubectl, news));
  return { outs: news };
}

export const read = (id: string, props?: NamespaceInputs): Promise<pulumi.dynamic.ReadResult<NamespaceInputs>> =>
  Promise.resolve({ id, props });

/** Leaves a namespace with something of others' in it, and says so. */
async function remove(_id: string, props: NamespaceInputs): Promise<void> {
  const { name, owner } = props;
  await withKubeconfig(props, async (kubectl) => {
    const live = await find(kubectl, name);
    if (live === undefined || ownerOfObject(live)?.fleet !== owner.fleet) return;
    const others = await othersObjects(kubectl, name, owner);
    if (others.length > 0) {
      console.error(`the namespace ${name} stays, since it has what this stack did not make: ${others.join(", ")}`);
      await succeeded(kubectl(["label", "namespace", name, ...unset(labelsOf(props))]));
      await succeeded(kubectl(["annotate", "namespace", name, ...unset(annotationsOf(owner))]));
      return;
    }
    const wait = ["delete", "namespace", name, "--ignore-not-found", `--timeout=${deletionSeconds}s`];
    await succeeded(kubectl(["--request-timeout=0", ...wait], { deadlineSeconds: deletionSeconds + 20 }));
  });
}
export { remove as delete };

const labelsOf = ({ labels, owner }: NamespaceInputs) => ({ ...labels, ...partOfLabel, [fleetLabel]: owner.fleet });

const annotationsOf = ({ project, stack }: OwnerFacts) => ({
  [ownerAnnotations.project]: project,
  [ownerAnnotations.stack]: stack,
});

const pairs = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => `${key}=${value}`);
const unset = (values: Record<string, string>) => Object.keys(values).map((key) => `${key}-`);

async function ensure(kubectl: TryKubectl, inputs: NamespaceInputs): Promise<void> {
  const { name, owner } = inputs;
  const live = await find(kubectl, name);
  const labels = labelsOf(inputs);
  const annotations = annotationsOf(owner);
  if (live === undefined) {
    const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels, annotations } };
    await succeeded(kubectl(["create", "--filename=-"], { input: JSON.stringify(manifest) }));
    return;
  }
  const fleet = ownerOfObject(live)?.fleet;
  if (fleet !== owner.fleet && !(fleet !== undefined && isAsked("adopt"))) {
    throw new Error(`the namespace ${name} is others' by now: run the command again, and it is used as it is`);
  }
  await succeeded(kubectl(["label", "namespace", name, "--overwrite", ...pairs(labels)]));
  await succeeded(kubectl(["annotate", "namespace", name, "--overwrite", ...pairs(annotations)]));
}

async function find(kubectl: TryKubectl, name: string): Promise<ListedObject | undefined> {
  const text = await succeeded(kubectl(["get", "namespace", name, "--ignore-not-found", "--output=json"]));
  return text === "" ? undefined : (JSON.parse(text) as ListedObject);
}

/** @throws Error with what kubectl says */
async function succeeded(run: Promise<{ stdout: string; error?: CommandError }>): Promise<string> {
  const { stdout, error } = await run;
  if (error !== undefined) throw new Error(error.stderr === "" ? error.summary : error.stderr);
  return stdout;
}
