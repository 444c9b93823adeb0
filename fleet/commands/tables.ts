import Table from "cli-table3";
import type { StackOutputs } from "../../stacks/outputs.ts";
import type { Proof } from "../proof/proof.ts";

/** What the summary of `npm run up` shows of a stack. */
export type StackResult = { outputs: StackOutputs; proofs: Proof[] } | { failure: string };

/** A link's proof, as `npm run links` shows it. */
export interface LinkRow extends Proof {
  stack: string;
  /** Why the link is stale. @default it is not */
  stale?: string;
}

const plainTable = (head: string[]) => new Table({ head, style: { head: [], border: [], compact: true } });

/** The stacks, their URLs, and who answered there. */
export function summary(results: ReadonlyMap<string, StackResult>): string {
  const urls = plainTable(["stack", "context", "from the host", "from other clusters", "answers"]);
  for (const [stack, result] of results) {
    if ("failure" in result) {
      urls.push([stack, "", "", "", "failed, see below"]);
      continue;
    }
    const { outputs, proofs } = result;
    const ingress = proofs.find(({ alias }) => alias === undefined);
    const answer = ingress ? verdict(ingress) : "no service at /";
    urls.push([stack, outputs.context, outputs.url, outputs.exposedUrl, answer]);
  }
  const links = [...results.values()]
    .flatMap((result) => ("failure" in result ? [] : result.proofs))
    .filter(({ alias }) => alias !== undefined);
  return [urls.toString(), ...links.map(linkProof)].join("\n");
}

const linkProof = (proof: Proof) => `A pod of ${proof.from} called ${proof.what}\n  and got: ${verdict(proof)}`;

const verdict = (proof: Proof) => (proof.problem === undefined ? (proof.answer ?? "") : `✗ ${proof.problem}`);

/** The columns of {@link linkTable}, with what each shows of a row. */
const linkColumns: Record<string, (row: LinkRow) => string | undefined> = {
  stack: ({ stack }) => stack,
  alias: ({ alias }) => alias,
  way: ({ way }) => way,
  target: ({ target }) => target,
  address: ({ address }) => address,
  status: ({ status }) => status?.toString(),
  identity: ({ answer }) => answer,
  median: ({ median }) => milliseconds(median),
  p99: ({ p99 }) => milliseconds(p99),
  verdict: ({ problem, hop, stale }) => (problem === undefined ? (stale ?? "proved") : `${hop}: ${problem}`),
};

const milliseconds = (value: number | undefined) => (value === undefined ? undefined : `${value.toFixed(1)} ms`);

/** One row for each link. */
export function linkTable(rows: readonly LinkRow[]): string {
  const table = plainTable(Object.keys(linkColumns));
  for (const row of rows) table.push(Object.values(linkColumns).map((show) => show(row) ?? ""));
  return table.toString();
}
