import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type BuildOptions, type BuildResult, context as openContext } from "esbuild";

const serviceFolder = import.meta.dirname;
const sourceFolder = join(serviceFolder, "src");
const defaultContext = join(serviceFolder, "dist");

/** Only these three files reach the build, whatever else the folder holds. */
const dockerignore = "*\n!Dockerfile\n!package.json\n!server.js\n";

/** The result of {@link bundleService}. */
export interface ServiceBundle {
  /** Absolute path of the folder that `docker build` needs as its context, with the build argument `BASE`. */
  context: string;
  /** Absolute path of the bundle, which plain `node` runs. */
  entry: string;
}

const options = {
  absWorkingDir: sourceFolder,
  entryPoints: ["server.ts"],
  bundle: true,
  minify: true,
  platform: "node",
  target: "node24",
  // Koa brings two copies of a table of all media types, which are half of the bundle and a fifth of its start. Ours has
  // the two that are used; a handler that names another by its extension (`ctx.type = "png"`) has to add it.
  alias: { "mime-db": join(sourceFolder, "media-types.json") },
  // CommonJS loads faster than a module, and the dependencies are CommonJS anyway.
  format: "cjs",
  legalComments: "eof",
  write: false,
  logLevel: "silent",
} satisfies BuildOptions;

/**
 * Bundles the service to one file, and fills the build context of its image: `server.js`, `package.json`, `Dockerfile`.
 * The same source makes the same bytes, and files that would not change are not written.
 *
 * @param context the folder to fill. @default `service/dist`
 * @throws esbuild's error, with all of its messages, if the source can't be bundled
 */
export async function bundleService(context: string = defaultContext): Promise<ServiceBundle> {
  return fill(context, codeOf(await build(options)));
}

/** Bundles the service again and again; from the second time on it reads only what has changed. */
export interface ServiceBundler {
  /** Does what {@link bundleService} does. @throws the same; the context then stays as it was */
  bundle: () => Promise<ServiceBundle & { code: string }>;
  /** Ends esbuild's part of it. */
  dispose: () => Promise<void>;
}

/** @param context the folder to fill. @default `service/dist` */
export async function openServiceBundler(context: string = defaultContext): Promise<ServiceBundler> {
  const esbuild = await openContext(options);
  return {
    bundle: async () => {
      const code = codeOf(await esbuild.rebuild());
      return { ...(await fill(context, code)), code };
    },
    dispose: () => esbuild.dispose(),
  };
}

function codeOf({ outputFiles }: BuildResult<typeof options>): string {
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error("esbuild made no bundle of service/src/server.ts");
  return bundle.text;
}

async function fill(context: string, code: string): Promise<ServiceBundle> {
  await mkdir(context, { recursive: true });
  await update(context, ".dockerignore", dockerignore);
  await update(context, "Dockerfile", await readFile(join(serviceFolder, "Dockerfile"), "utf8"));
  // Without it, Node would find service/package.json, and load the bundle as a module.
  await update(context, "package.json", '{ "type": "commonjs" }\n');
  await update(context, "server.js", code);
  return { context, entry: join(context, "server.js") };
}

/** Writes a file in one step, so that another build at the same time never reads half of it. */
async function update(folder: string, name: string, content: string): Promise<void> {
  const path = join(folder, name);
  const before = await readFile(path, "utf8").catch(() => undefined);
  if (before === content) return;
  const draft = join(folder, `.${name}.${process.pid}`);
  await writeFile(draft, content);
  // The mode becomes part of the image, so it must not depend on the user's umask.
  await chmod(draft, 0o644);
  await rename(draft, path);
}
