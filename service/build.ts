import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const FOLDER = import.meta.dirname;
const SOURCE = join(FOLDER, "src");
const CONTEXT = join(FOLDER, "dist");

/** Keeps everything but the three files out of the build, whatever else comes to lie in the folder. */
const DOCKERIGNORE = "*\n!Dockerfile\n!package.json\n!server.js\n";

/** What {@link bundleService} made. */
export interface ServiceBundle {
  /** Absolute path of the folder that `docker build` takes as its context. Build argument: `BASE`. */
  readonly context: string;
  /** Absolute path of the bundle, which plain `node` runs. */
  readonly entry: string;
}

/**
 * Bundles the service to one file and lays out the context of its image: `server.js`, `package.json`, `Dockerfile`.
 * The same source gives the same bytes, and a file that would not change is not touched.
 *
 * @param context where to put it. @default `service/dist`
 * @throws esbuild's error, with every message, if the source cannot be bundled
 */
export async function bundleService(context: string = CONTEXT): Promise<ServiceBundle> {
  const { outputFiles } = await build({
    absWorkingDir: SOURCE,
    entryPoints: ["server.ts"],
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    // Koa brings two copies of the world's media types, half of the bundle and a fifth of its start. These are ours;
    // a handler that names another by its file extension (`ctx.type = "png"`) has to add it.
    alias: { "mime-db": join(SOURCE, "media-types.json") },
    // CommonJS loads faster than a module, and the dependencies are CommonJS anyway.
    format: "cjs",
    legalComments: "eof",
    write: false,
    logLevel: "silent",
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error("esbuild made no bundle of service/server.ts");

  await mkdir(context, { recursive: true });
  await update(context, ".dockerignore", DOCKERIGNORE);
  await update(context, "Dockerfile", await readFile(join(FOLDER, "Dockerfile"), "utf8"));
  // Without it the repository's own package.json would make a module of the bundle.
  await update(context, "package.json", '{ "type": "commonjs" }\n');
  await update(context, "server.js", bundle.text);
  return { context, entry: join(context, "server.js") };
}

/** Writes a file in one step, so that a build that runs at the same time never sees half of it. */
async function update(folder: string, name: string, content: string): Promise<void> {
  const path = join(folder, name);
  const before = await readFile(path, "utf8").catch(() => undefined);
  if (before === content) return;
  const draft = join(folder, `.${name}.${process.pid}`);
  await writeFile(draft, content);
  // The mode goes into the image, so it must not depend on anybody's umask.
  await chmod(draft, 0o644);
  await rename(draft, path);
}
