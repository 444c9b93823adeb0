import { stripVTControlCharacters } from "node:util";
import type { Delivery, PodProblem } from "./delivery.ts";

/** The longest line of a service that is shown, in characters. */
const longestLine = 2_000;

/** A line of a service's log, after its cluster and its name. */
export const logLine = (stack: string, service: string, line: string): string =>
  `${stack} ${service} │ ${stripVTControlCharacters(line).slice(0, longestLine)}`;

/** A message of `npm run dev` itself. */
export const devLine = (text: string): string => `▸ ${text}`;

/** Times of one change, in milliseconds. */
export interface DeliveryTimes {
  /** From the save until it was noticed. */
  noticed: number;
  /** Building. */
  built: number;
  /** Pushing the image. @default none was pushed */
  pushed?: number;
  /** From then until every pod serves it. */
  served: number;
}

/** How new code arrived in a cluster, and what took how long from the save on. */
export function deliveredMessage(stack: string, delivery: Delivery, times: DeliveryTimes): string {
  if (delivery === "superseded") return `${stack}: something newer came before`;
  if (delivery === "away") return `${stack}: can't be reached, and gets it when it is back`;
  if ("failures" in delivery) return failedMessage(stack, delivery.failures);
  const { noticed, built, pushed, served } = times;
  const parts = [`noticed ${inSeconds(noticed)}`, `built ${inSeconds(built)}`];
  if (pushed !== undefined) parts.push(`pushed ${inSeconds(pushed)}`);
  parts.push(`${inPods(delivery.pods)} ${inSeconds(served)}`);
  const total = noticed + built + (pushed ?? 0) + served;
  return `${stack}: serves it ${inSeconds(total)} s after the save (${parts.join(", ")})`;
}

/** What a cluster serves once it is connected. */
export function connectedMessage(stack: string, name: string, delivery: Delivery): string {
  if (typeof delivery === "object" && "pods" in delivery) {
    return `${stack}: ${inPods(delivery.pods)} of ${name} ${delivery.pods === 1 ? "serves" : "serve"} what is on disk`;
  }
  return deliveredMessage(stack, delivery, { noticed: 0, built: 0, served: 0 });
}

const inPods = (count: number): string => `${count} ${count === 1 ? "pod" : "pods"}`;

const inSeconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);

/** Why pods don't serve what they should, each reason once. */
export function failedMessage(stack: string, failures: readonly PodProblem[]): string {
  const byReason = Map.groupBy(failures, ({ reason }) => reason);
  const lines = [...byReason].map(([reason, pods]) => {
    const names = pods.map(({ pod }) => pod).join(", ");
    return `${stack}: what served before goes on serving; ${names}: ${indented(reason)}`;
  });
  return lines.join("\n");
}

/** A text of several lines, indented after the first. */
export const indented = (text: string): string => text.trimEnd().replaceAll("\n", "\n    ");

/** The files of a change, as far as a line has room for them. */
export function changedMessage(paths: readonly string[]): string {
  const names = [...new Set(paths)];
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more changed` : `${shown} changed`;
}
