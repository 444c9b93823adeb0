import { CommandError } from "../../host/command.ts";
import { manifestOf, titleOf } from "../../infra/cluster/object-name.ts";
import type { RecordedCluster } from "../../infra/cluster/recorded-cluster.ts";
import { UserError } from "../user-error.ts";
import { additionsIn, type Removal } from "./additions.ts";
import type { Drift, ObjectName } from "./drift.ts";
import { resourceOf } from "./live-objects.ts";

/** How long the deletion of objects may take to complete, all together. */
const deletionDeadlineSeconds = 180;

/**
 * Does what must be done in a cluster before Pulumi can restore what differs: waits until what is being deleted is gone,
 * and removes what was added to objects.
 *
 * @throws UserError when a deletion does not end
 */
export async function prepareHealing(
  cluster: RecordedCluster,
  { objects }: Drift,
  say: (text: string) => void,
): Promise<void> {
  const ending = objects.filter((drift) => drift.became === "deleted" && drift.terminating);
  if (ending.length > 0) {
    await waitUntilGone(
      cluster,
      ending.map(({ object }) => object),
      say,
    );
  }
  for (const removal of additionsIn(objects)) await remove(cluster, removal);
}

async function waitUntilGone(
  cluster: RecordedCluster,
  names: readonly ObjectName[],
  say: (text: string) => void,
): Promise<void> {
  say(`Waiting for the end of a deletion: ${names.map(titleOf).join(", ")}`);
  const wait = ["wait", "--for=delete", "--filename=-", `--timeout=${deletionDeadlineSeconds}s`];
  try {
    // kubectl's own time-out comes first.
    await cluster.kubectl(wait, { input: manifestOf(names), deadlineSeconds: deletionDeadlineSeconds + 20 });
  } catch (error) {
    if (!(error instanceof CommandError) || !/timed out/i.test(error.output)) throw error;
    const [first] = names;
    const look = `${cluster.kubectlCommand} get ${first?.kind.toLowerCase()} ${first?.name} --output=yaml`;
    throw new UserError(
      `${names.map(titleOf).join(", ")}: the deletion did not end within ${deletionDeadlineSeconds} s. ` +
        `A finalizer that nobody serves may hold it: see ${look}. Remove it, and run this again`,
    );
  }
}

/** @throws CommandError, also when the object was changed once more meanwhile, so that there is nothing to remove */
async function remove(cluster: RecordedCluster, { object, patch }: Removal): Promise<void> {
  const namespace = object.namespace === undefined ? [] : ["--namespace", object.namespace];
  const what = [resourceOf(object), object.name, ...namespace];
  await cluster.kubectl(["patch", ...what, "--type=json", `--patch=${JSON.stringify(patch)}`]);
}
