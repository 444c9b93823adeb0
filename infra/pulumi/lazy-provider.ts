import type * as pulumi from "@pulumi/pulumi";

/**
 * A dynamic provider whose code stays in the project. Pulumi writes a dynamic provider's source into the stack's state;
 * this one's is a few lines that import the module, so that a change of the code is not a change of the resource.
 *
 * @param module its path from the project's folder, such as `infra/kind/provider.ts`. Users' states hold this path, and
 *   nothing else refers to it: the file must not move.
 */
export function lazyProvider(module: string): pulumi.dynamic.ResourceProvider {
  // Everything that this function needs is imported inside, since its text alone is kept.
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
