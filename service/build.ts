import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { compile } from "./bundle/compile.ts";
import { FILES, KEY_LENGTH, cacheKey } from "./bundle/layout.ts";
import { lean } from "./bundle/lean.ts";

const SOURCE = import.meta.dirname;
const CONTEXT = join(SOURCE, "dist");

/** Keeps everything else out of the image's build, whatever comes to lie in the folder. */
const DOCKERIGNORE = ["*", "!Dockerfile", "!package.json", ...Object.values(FILES).map((name) => `!${name}`), ""].join("\n");

/** What {@link bundleService} made. */
export interface ServiceBundle {
  /** Absolute path of the folder that `docker build` takes as its context. Build argument: `BASE`. */
  readonly context: string;
  /** Absolute path of the program, which plain `node` runs. */
  readonly entry: string;
}

/**
 * Bundles the service and lays out the context of its image: the bundle (`service.js`), its compiled code
 * (`service.cache`), the program that starts the one from the other (`server.js`), and the Dockerfile. The same
 * source gives the same bytes, and a file that would not change is not touched.
 *
 * @param context where to put it. @default `service/dist`
 * @throws esbuild's error, with every message, if the source cannot be bundled; an error with what it printed if the
 *   bundle does not start
 */
export async function bundleService(context: string = CONTEXT): Promise<ServiceBundle> {
  const [entry, bundle] = await Promise.all([bundled("bundle/entry.ts"), bundled("server.ts")]);
  await mkdir(context, { recursive: true });
  await update(context, ".dockerignore", DOCKERIGNORE);
  await update(context, "Dockerfile", await readFile(join(SOURCE, "Dockerfile")));
  // Without it the repository's own package.json would make modules of the files.
  await update(context, "package.json", '{ "type": "commonjs" }\n');
  await update(context, FILES.entry, entry);
  await update(context, FILES.bundle, bundle);
  if (!(await isCompiled(context, bundle))) await update(context, FILES.cache, await compile(bundle));
  return { context, entry: join(context, FILES.entry) };
}

async function bundled(entryPoint: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: SOURCE,
    entryPoints: [entryPoint],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    // The dependencies are CommonJS anyway, and it loads faster.
    format: "cjs",
    legalComments: "eof",
    plugins: [lean],
    write: false,
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of service/${entryPoint}`);
  return file.text;
}

async function isCompiled(context: string, bundle: string): Promise<boolean> {
  const cache = await readFile(join(context, FILES.cache)).catch(() => undefined);
  return cache?.subarray(0, KEY_LENGTH).equals(cacheKey(bundle)) === true;
}

/** Writes a file in one step, so that a build that runs at the same time never sees half of it. */
async function update(folder: string, name: string, content: string | Buffer): Promise<void> {
  const path = join(folder, name);
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(Buffer.from(content))) return;
  const draft = join(folder, `.${name}.${process.pid}`);
  await writeFile(draft, content);
  // The mode goes into the image, so it must not depend on anybody's umask.
  await chmod(draft, 0o644);
  await rename(draft, path);
}
