/**
 * Keeps Pulumi from waiting for a Service's endpoints, which takes it ten seconds at the least: it waits for the pods,
 * by their Deployment, and a Service without pods of its own has none to wait for.
 */
export const noAwait = { "pulumi.com/skipAwait": "true" };
