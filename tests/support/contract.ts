/** A service, as the contract has it. */
export interface ContractService {
  namespace: string;
  /** The Deployment's name, which is also its Service's. */
  deployment: string;
  /** The name that it answers with. */
  name: string;
  /** Whether the ingress serves it. */
  ingress: boolean;
}

/** A stack's cluster, as the contract has it. */
interface ContractStack {
  cluster: string;
  /** The host's port that leads to the ingress. */
  port: number;
  /** The host's port of the registry. */
  registryPort: number;
  /** The namespaces of services. */
  namespaces: string[];
  services: ContractService[];
}

/** The stacks that have a file in this repository. */
export type StackName = "staging" | "development";

/** What each stack consists of: written out, not read from the stack files, so that a change of those is noticed. */
export const contract: Record<StackName, ContractStack> = {
  staging: {
    cluster: "cluster2",
    port: 81,
    registryPort: 5081,
    namespaces: ["test-namespace"],
    services: [
      { namespace: "test-namespace", deployment: "identity", name: "identity", ingress: true },
      {
        namespace: "test-namespace",
        deployment: "identity-different-cluster",
        name: "identity-different-cluster",
        ingress: false,
      },
    ],
  },
  development: {
    cluster: "cluster1",
    port: 80,
    registryPort: 5080,
    namespaces: ["test-namespace", "service2"],
    services: [
      { namespace: "test-namespace", deployment: "identity", name: "identity", ingress: true },
      { namespace: "test-namespace", deployment: "identity-internal", name: "internal", ingress: false },
      { namespace: "service2", deployment: "identity-different-namespace", name: "service2", ingress: false },
    ],
  },
};
