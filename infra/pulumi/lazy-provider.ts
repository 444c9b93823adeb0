import type * as pulumi from "@pulumi/pulumi";

/**
 * A dynamic provider whose code stays in the project: Pulumi keeps the provider's source in the stack's state, and
 * this keeps it to a few lines that load the module, so that a change of the code is not a change of the resource.
 *
 * @param module from the project's folder, for example `infra/kind/provider.ts`; states hold it, so it is not to be renamed
 */
export function lazyProvider(module: string): pulumi.dynamic.ResourceProvider {
  const load = async () => {
    const { existsSync } = await import("node:fs");
    const path = await import("node:path");
    const { pathToFileURL } = await import("node:url");
    let folder = process.cwd();
    while (!existsSync(path.join(folder, "Pulumi.yaml")) && path.dirname(folder) !== folder)
      folder = path.dirname(folder);
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
