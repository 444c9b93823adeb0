import Table from "cli-table3";
import type { FleetOutputs } from "../state/read-outputs.ts";
import type { Proof } from "../proof/prove.ts";

/** What the last lines of `npm run up` tell of a stack. */
export type StackResult = { outputs: FleetOutputs; proofs: Proof[] } | { failure: string };

const plainTable = (head: string[]) => new Table({ head, style: { head: [], border: [], compact: true } });

/** The stacks, their URLs, and what was seen to answer there. */
export function summary(results: ReadonlyMap<string, StackResult>): string {
  const urls = plainTable(["stack", "context", "from the host", "from other clusters", "answers"]);
  for (const [stack, result] of results) {
    if ("failure" in result) {
      urls.push([stack, "", "", "", "failed, see below"]);
      continue;
    }
    const { outputs, proofs } = result;
    const host = proofs.find(({ alias }) => alias === undefined);
    urls.push([stack, outputs.context, outputs.url, outputs.exposedUrl, host ? verdict(host) : "no service at /"]);
  }
  const links = [...results.values()]
    .flatMap((result) => ("failure" in result ? [] : result.proofs))
    .filter(({ alias }) => alias !== undefined);
  return [urls.toString(), ...links.map(proofLine)].join("\n");
}

/** A link's proof in words. */
const proofLine = (proof: Proof) => `A pod of ${proof.from} called ${proof.what}\n  and got: ${verdict(proof)}`;

const verdict = (proof: Proof) => (proof.problem === undefined ? (proof.answer ?? "") : `✗ ${proof.problem}`);

/** A row for every link, for `npm run links`. */
export function linkTable(rows: readonly (Proof & { stack: string; stale?: string })[]): string {
  const table = plainTable([
    "stack",
    "alias",
    "way",
    "target",
    "address",
    "status",
    "identity",
    "median",
    "p99",
    "verdict",
  ]);
  const ms = (value: number | undefined) => (value === undefined ? "" : `${value.toFixed(1)} ms`);
  for (const row of rows) {
    const state = row.problem === undefined ? (row.stale ?? "proved") : `${row.hop}: ${row.problem}`;
    table.push([
      row.stack,
      row.alias ?? "",
      row.way ?? "",
      row.target ?? "",
      row.address ?? "",
      String(row.status ?? ""),
      row.answer ?? "",
      ms(row.median),
      ms(row.p99),
      state,
    ]);
  }
  return table.toString();
}
