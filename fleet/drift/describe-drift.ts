import { show } from "../../config/wording.ts";
import { titleOf } from "../../infra/cluster/object-name.ts";
import type { Change, Drift, ObjectDrift } from "./drift.ts";

/** What is done about a drift: it is undone now, by the next `up`, or not at all. */
export type Doing = "healing" | "previewing" | "leaving";

/** Longer lists of changes in one object are cut. */
const mostChanges = 5;

/** What to say of a drift: a line for each object and image; a namespace stands for everything in it. */
export function describeDrift({ objects, images }: Drift, doing: Doing): string[] {
  const gone = new Set(objects.filter(isDeletedNamespace).map(({ object }) => object.name));
  const lines = objects
    .filter(
      ({ object, became }) => became !== "deleted" || object.namespace === undefined || !gone.has(object.namespace),
    )
    .map((drift) => describeObject(drift, objects, doing));
  const lost = images.map(
    ({ reference }) => `The registry no longer has ${shortImage(reference)}: ${remedies.lost[doing]}`,
  );
  return [...lines, ...lost];
}

const remedies = {
  deleted: { healing: "bringing it back", previewing: "up brings it back", leaving: "left as it is" },
  remade: { healing: "taking it over", previewing: "up takes it over", leaving: "left as it is" },
  changed: { healing: "setting it back", previewing: "up sets it back", leaving: "left as it is" },
  lost: { healing: "pushing it again", previewing: "up pushes it again", leaving: "left as it is" },
} satisfies Record<ObjectDrift["became"] | "lost", Record<Doing, string>>;

function describeObject(drift: ObjectDrift, all: readonly ObjectDrift[], doing: Doing): string {
  const remedy = remedies[drift.became][doing];
  const title = titleOf(drift.object);
  switch (drift.became) {
    case "deleted": {
      const inside = isDeletedNamespace(drift)
        ? all.filter(({ object, became }) => became === "deleted" && object.namespace === drift.object.name).length
        : 0;
      const content =
        inside === 0 ? "" : `, and with it ${inside} ${inside === 1 ? "object" : "objects"} of this stack`;
      return `${title} was deleted${content}: ${remedy}`;
    }
    case "remade": {
      const differing = drift.changes.length === 0 ? "" : ` (${describeChanges(drift.changes)})`;
      return `${title} was made anew by something else${differing}: ${remedy}`;
    }
    case "changed":
      return `${title} was changed (${describeChanges(drift.changes)}): ${remedy}`;
  }
}

function describeChanges(changes: readonly Change[]): string {
  const shown = changes.slice(0, mostChanges).map(({ path, was, now }) => `${path}: ${value(was)} → ${value(now)}`);
  const more = changes.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

const value = (shown: unknown) => (shown === undefined ? "nothing" : show(shown));

const isDeletedNamespace = ({ object, became }: ObjectDrift) => became === "deleted" && object.kind === "Namespace";

/** An image's reference with a digest that is cut, as Docker shows it. */
const shortImage = (reference: string) => reference.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1…");
