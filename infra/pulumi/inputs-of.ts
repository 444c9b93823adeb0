import type * as pulumi from "@pulumi/pulumi";

/** The fields of an object, each of which may become known later. */
type Fields<Value> = { [Key in keyof Value]: pulumi.Input<Value[Key]> };

/** The arguments of a resource whose provider receives these inputs. */
export type InputsOf<Inputs> = { [Key in keyof Inputs]: pulumi.Input<Inputs[Key]> | Fields<Inputs[Key]> };
