/** How many pods a service has: so many, or what an autoscaler of the user's says. */
export type Replicas = number | "autoscaled";

/** The pods of a service that says nothing else, and those that one begins with before its autoscaler has decided. */
export const defaultReplicas = 2;

/** The pods that a service is made with. */
export const initialReplicas = (replicas: Replicas): number => (replicas === "autoscaled" ? defaultReplicas : replicas);
