import { parseIdentity } from "../../service/src/identity.ts";
import { contract, type StackName } from "../support/contract.ts";
import { describeContract } from "../support/describe-contract.ts";
import { explainFailures } from "../support/explain-failures.ts";
import { standing } from "../support/standing.ts";

const { context, endpoint } = standing;
if (context === undefined || endpoint === undefined) throw new Error("only with --context and --endpoint");

const response = await fetch(`${endpoint}/cluster`, { signal: AbortSignal.timeout(10_000) });
const stack = parseIdentity(await response.text())?.cluster;
if (stack === undefined || !Object.hasOwn(contract, stack)) {
  const answer = stack === undefined ? "not an identity service" : `the stack ${stack}'s`;
  throw new Error(`${endpoint}/cluster is ${answer}: the contract knows ${Object.keys(contract).join(" and ")}`);
}

describe(`the cluster that is up as ${context}`, () => {
  explainFailures(() => [{ context }]);
  describeContract(stack as StackName, () => ({ cluster: { context }, endpoint }));
});
