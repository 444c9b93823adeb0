import { contract, describeContract, explainFailures, stackAt } from "../support/contract.ts";
import { standing } from "../support/standing.ts";

const { context, endpoint } = standing;
if (context === undefined || endpoint === undefined) throw new Error("only with --context and --endpoint");

const stack = await stackAt(endpoint);
if (stack === undefined || !Object.hasOwn(contract, stack)) {
  throw new Error(
    `${endpoint}/cluster is ${stack === undefined ? "not an identity service" : `the stack ${stack}'s`}: the contract knows ${Object.keys(contract).join(" and ")}`,
  );
}

describe(`the cluster that stands as ${context}`, () => {
  explainFailures(() => [{ context }]);
  describeContract(stack as keyof typeof contract, () => ({ cluster: { context }, endpoint }));
});
