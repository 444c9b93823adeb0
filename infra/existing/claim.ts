import * as pulumi from "@pulumi/pulumi";
import type { ObjectName } from "../cluster/object-name.ts";
import type { InputsOf } from "../pulumi/inputs-of.ts";
import { LazyResource } from "../pulumi/lazy-resource.ts";
import type { ClaimInputs } from "./claim-provider.ts";

/** Makes sure that what a stack is about to make may be made, and that nothing of others' has its names. */
class ClusterClaim extends LazyResource {
  constructor(name: string, args: InputsOf<ClaimInputs>, opts?: pulumi.CustomResourceOptions) {
    const options = { ...opts, additionalSecretOutputs: ["kubeconfig"] };
    super("infra/existing/claim-provider.ts", name, { ...args }, options, "existing", "Claim");
  }
}

/** The names of a stack's objects while they are declared. All of them wait until what they claim was looked at. */
export class Claim {
  /** What every object waits for. It is declared last, when all names are known. */
  readonly settled: Promise<pulumi.Resource>;
  private readonly settle: (claim: pulumi.Resource) => void;
  private readonly objects: ObjectName[] = [];
  private readonly unnamed: Omit<ObjectName, "name">[] = [];
  private readonly made: string[] = [];
  private readonly used: readonly string[];

  /** @param used the namespaces of the stack's services and aliases */
  constructor(used: readonly string[]) {
    this.used = used;
    const { promise, resolve } = Promise.withResolvers<pulumi.Resource>();
    this.settled = promise;
    this.settle = resolve;
  }

  /** Notes a namespace that the stack makes. */
  addNamespace(name: string): void {
    this.made.push(name);
  }

  /** Notes every object that has a name, and has it wait. */
  readonly transformation: pulumi.ResourceTransformation = ({ type, props, opts }) => {
    if (!type.startsWith("kubernetes:")) return undefined;
    const { apiVersion, kind, metadata } = props as { apiVersion: string; kind: string; metadata: Partial<ObjectName> };
    const { name, namespace } = metadata;
    // One that Pulumi names, at random, is nobody else's.
    if (typeof name === "string") this.objects.push({ apiVersion, kind, namespace, name });
    else this.unnamed.push({ apiVersion, kind, namespace });
    return { props, opts: pulumi.mergeOptions(opts, { dependsOn: this.settled }) };
  };

  /** Declares it, once everything that waits for it is. */
  declare(
    args: Omit<InputsOf<ClaimInputs>, "objects" | "unnamed" | "namespaces">,
    opts: pulumi.CustomResourceOptions,
  ): void {
    const { objects, unnamed, used, made } = this;
    this.settle(new ClusterClaim("claim", { ...args, objects, unnamed, namespaces: { used: [...used], made } }, opts));
  }
}
