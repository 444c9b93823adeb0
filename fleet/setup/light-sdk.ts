/**
 * Imported before Pulumi's SDK, this puts off what the SDK loads at once and needs for one task only: half of the time
 * that loading it takes. Where a version of it has no such part, nothing is put off.
 */
import { createRequire, Module } from "node:module";

/** npm's resolver. It finds the packages of a function that is sent to a cloud. */
const npmResolver = "@npmcli/arborist";

/** TypeScript. It reads the code of dynamic resources. */
const typescript = "@pulumi/pulumi/typescript-shim.js";

const requireAsSdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

for (const part of [npmResolver, typescript]) putOff(part);

/** Loads what the SDK needs to run a program with dynamic resources, which it would else do in the middle. */
export function loadForPrograms(): void {
  if (resolved(typescript) !== undefined) Reflect.get(requireAsSdk(typescript) as object, "version");
}

function putOff(name: string): void {
  const file = resolved(name);
  if (file === undefined || requireAsSdk.cache[file] !== undefined) return;
  let loaded: object | undefined;
  const load = (): object => {
    if (loaded === undefined) {
      Reflect.deleteProperty(requireAsSdk.cache, file);
      loaded = requireAsSdk(file) as object;
    }
    return loaded;
  };
  const standIn = new Module(file);
  standIn.exports = new Proxy(
    {},
    {
      // TypeScript's helper for imports would else copy everything, and so load it.
      get: (_target, key) => (key === "__esModule" ? true : (Reflect.get(load(), key) as unknown)),
    },
  );
  standIn.loaded = true;
  requireAsSdk.cache[file] = standIn;
}

function resolved(name: string): string | undefined {
  try {
    return requireAsSdk.resolve(name);
  } catch {
    return undefined;
  }
}
