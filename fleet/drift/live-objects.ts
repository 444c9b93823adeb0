import { CommandError } from "../../host/command.ts";
import { waitFor } from "../../host/wait.ts";
import { manifestOf } from "../../infra/cluster/object-name.ts";
import type { RecordedCluster } from "../../infra/cluster/recorded-cluster.ts";
import { partOfFleet } from "../../infra/manifest/labels.ts";
import { byKey, keyOf, type LiveObject } from "./compare.ts";
import type { ObjectName } from "./drift.ts";
import { isStartingApiServer } from "./lost-api-server.ts";

/** How long the API server may take until it answers: the engine may have just been restarted. */
const apiDeadlineSeconds = 60;

/** A list as kubectl prints it. */
interface List {
  kind: "List";
  items: LiveObject[];
}

/**
 * The objects of these names that stand in a cluster, by `keyOf`. One listing by our label finds them. What it does not
 * find is asked for by name: it may have lost the label, or be from before there was one.
 *
 * @throws Error when the API server does not answer in time
 */
export async function liveObjects(
  cluster: RecordedCluster,
  names: readonly ObjectName[],
): Promise<ReadonlyMap<string, LiveObject>> {
  if (names.length === 0) return new Map();
  const list = ["get", [...new Set(names.map(resourceOf))].join(","), "--all-namespaces", `--selector=${partOfFleet}`];
  const found =
    cluster.listsEverything === false ? new Map<string, LiveObject>() : byKey(parse(await askApi(cluster, list)));
  const missing = names.filter((name) => !found.has(keyOf(name)));
  if (missing.length === 0) return found;
  const named = await askApi(cluster, ["get", "--filename=-", "--ignore-not-found"], manifestOf(missing));
  return new Map([...found, ...byKey(parse(named))]);
}

/** An object's kind as kubectl's `get` names it: `deployment.v1.apps`, or `service.v1.` of the core group. */
export function resourceOf({ apiVersion, kind }: Pick<ObjectName, "apiVersion" | "kind">): string {
  const [version, group = ""] = apiVersion.split("/").toReversed();
  return `${kind.toLowerCase()}.${version}.${group}`;
}

async function askApi(cluster: RecordedCluster, args: readonly string[], input?: string): Promise<string> {
  const ask = async () => {
    try {
      return { answer: await cluster.kubectl(["--request-timeout=20s", ...args, "--output=json"], { input }) };
    } catch (error) {
      if (!(error instanceof CommandError) || isUnanswered(error)) throw error;
      return { error };
    }
  };
  const result = await waitFor(`the API server of ${cluster.title}`, apiDeadlineSeconds, ask);
  if (result.error !== undefined) throw cluster.explain?.(result.error) ?? result.error;
  return result.answer;
}

/** True when the API server did not answer, as opposed to answering that something is wrong. */
const isUnanswered = ({ timedOut, output }: CommandError): boolean =>
  timedOut ||
  isStartingApiServer(output) ||
  /connection refused|was refused|i\/o timeout|EOF|TLS handshake|ServiceUnavailable/i.test(output);

/** The objects in what kubectl printed: a list, a single object, or nothing. */
function parse(text: string): LiveObject[] {
  if (text.trim() === "") return [];
  const printed = JSON.parse(text) as List | LiveObject;
  return isList(printed) ? printed.items : [printed];
}

const isList = (printed: List | LiveObject): printed is List => printed.kind === "List";
