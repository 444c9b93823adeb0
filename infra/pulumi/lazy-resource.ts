import * as pulumi from "@pulumi/pulumi";

/**
 * A dynamic resource whose provider's code stays in the project. Pulumi keeps a dynamic provider's source in the stack's
 * state; this one's is a few lines that import a module, so that a change of the code is not a change of the resource.
 *
 * `pulumi.dynamic.Resource` would find the source out by itself, with a debugger and TypeScript's compiler, which takes
 * longer than all else that a program does here.
 */
export class LazyResource extends pulumi.CustomResource {
  /**
   * @param module the provider's path from the project's folder, such as `infra/kind/provider.ts`. Users' states hold
   *   this path, and nothing else refers to it: the file must not move.
   * @param folder of the resource's type, such as `kind` in `pulumi-nodejs:dynamic/kind:Cluster`
   * @param type such as `Cluster`
   */
  constructor(
    module: string,
    name: string,
    props: pulumi.Inputs,
    opts: pulumi.CustomResourceOptions | undefined,
    folder: string,
    type: string,
  ) {
    super(`pulumi-nodejs:dynamic/${folder}:${type}`, name, { ...props, __provider: providerSource(module) }, opts);
  }
}

/** What Pulumi evaluates, as a CommonJS module, to get the provider of a dynamic resource. */
export const providerSource = (module: string): string =>
  `exports.handler = () => (${lazyProvider.toString()})(${JSON.stringify(module)});\n`;

/** Everything that this function needs is imported inside, since its text alone is kept. */
function lazyProvider(module: string): pulumi.dynamic.ResourceProvider {
  const load = async () => {
    const { existsSync } = await import("node:fs");
    const path = await import("node:path");
    const { pathToFileURL } = await import("node:url");
    let folder = process.cwd();
    while (!existsSync(path.join(folder, "Pulumi.yaml")) && path.dirname(folder) !== folder) {
      folder = path.dirname(folder);
    }
    // eslint-disable-next-line no-restricted-syntax -- this is the one import by a path that states hold
    return (await import(pathToFileURL(path.join(folder, module)).href)) as Required<pulumi.dynamic.ResourceProvider>;
  };
  return {
    check: async (olds, news) => (await load()).check(olds, news),
    diff: async (id, olds, news) => (await load()).diff(id, olds, news),
    create: async (inputs) => (await load()).create(inputs),
    read: async (id, props) => (await load()).read(id, props),
    update: async (id, olds, news) => (await load()).update(id, olds, news),
    delete: async (id, props) => (await load()).delete(id, props),
  };
}
