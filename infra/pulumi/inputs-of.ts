import type * as pulumi from "@pulumi/pulumi";

/** The arguments of a resource whose provider receives these inputs. */
export type InputsOf<Inputs> = { [Key in keyof Inputs]: pulumi.Input<Inputs[Key]> };
