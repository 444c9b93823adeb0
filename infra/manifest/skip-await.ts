/**
 * An annotation for Services. Pulumi's wait for a Service's endpoints takes at least ten seconds; the wait for the
 * Deployment shows the same earlier, and a Service without pods has no endpoints to wait for.
 */
export const skipAwait = { "pulumi.com/skipAwait": "true" };
