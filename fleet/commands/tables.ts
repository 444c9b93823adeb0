import Table from "cli-table3";
import { isWholeSite } from "../../config/stack-config.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import type { Proof } from "../proof/proof.ts";

/** What the summary of `npm run up` shows of a stack. */
export type StackResult = { outputs: StackOutputs; proofs: Proof[] } | { failure: string };

/** A link's proof, as `npm run links` shows it. */
export interface LinkRow extends Proof {
  stack: string;
  /** Why the link is stale. @default it is not */
  stale?: string;
  /** Why the alias was left out. @default it was not */
  omitted?: string;
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
    const site = siteProof(outputs, proofs);
    const answer = site ? verdict(site) : "no service at /";
    urls.push([stack, outputs.context, outputs.url, outputs.exposedUrl, answer]);
  }
  const others = [...results.values()].flatMap((result) => {
    if ("failure" in result) return [];
    const site = siteProof(result.outputs, result.proofs);
    return result.proofs.filter((proof) => proof !== site);
  });
  return [urls.toString(), ...others.map(proofLines)].join("\n");
}

/** The proof of the service that has the whole site. */
function siteProof({ services }: StackOutputs, proofs: readonly Proof[]): Proof | undefined {
  const site = services.find(({ ingress }) => isWholeSite(ingress));
  return (
    site && proofs.find(({ alias, service }) => alias === undefined && service === `${site.namespace}/${site.name}`)
  );
}

function proofLines(proof: Proof): string {
  const { from, what, host, alias, service } = proof;
  const caller = alias === undefined && service !== undefined && from === "localhost" ? "The host" : `A pod of ${from}`;
  const as = host === undefined ? "" : ` as ${host}`;
  return `${caller} called ${what}${as}\n  and got: ${verdict(proof)}`;
}

const verdict = (proof: Proof) => (proof.problem === undefined ? received(proof) : `✗ ${proof.problem}`);

/** Not every service says something. */
const received = ({ status, answer }: Proof) => (answer === undefined || answer === "" ? `status ${status}` : answer);

/** The columns of {@link linkTable}, with what each shows of a row. */
const linkColumns: Record<string, (row: LinkRow) => string | undefined> = {
  stack: ({ stack }) => stack,
  alias: ({ alias }) => alias,
  way: ({ way }) => way,
  target: ({ target }) => target,
  address: ({ address }) => address,
  status: ({ status }) => status?.toString(),
  answer: ({ answer }) => answer,
  median: ({ median }) => milliseconds(median),
  p99: ({ p99 }) => milliseconds(p99),
  verdict: ({ problem, hop, stale, omitted }) =>
    problem === undefined ? (stale ?? omitted ?? "proved") : `${hop}: ${problem}`,
};

const milliseconds = (value: number | undefined) => (value === undefined ? undefined : `${value.toFixed(1)} ms`);

/** One row for each link. */
export function linkTable(rows: readonly LinkRow[]): string {
  const table = plainTable(Object.keys(linkColumns));
  for (const row of rows) table.push(Object.values(linkColumns).map((show) => show(row) ?? ""));
  return table.toString();
}
