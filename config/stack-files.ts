import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { isPlainObject } from "../host/plain-object.ts";
import { type Block, type RawConfig, structured } from "./raw-config.ts";
import { stackOfFile } from "./stack-name.ts";

/** A project or stack file that can't be read, or isn't what Pulumi would accept. */
export class StackFileError extends Error {
  override readonly name = "StackFileError";
}

/**
 * The project's name, from `Pulumi.yaml`.
 *
 * @throws StackFileError when the file is missing, isn't YAML, or has no name
 */
export async function readProjectName(dir: string): Promise<string> {
  return nameOf(await readYaml(dir, "Pulumi.yaml"));
}

function nameOf({ name }: Block): string {
  if (typeof name === "string" && name !== "") return name;
  throw new StackFileError('Pulumi.yaml: no name: write one, such as "name: identity"');
}

/**
 * The URL of the backend that `Pulumi.yaml` names for everybody who works on the project; undefined when it names none.
 *
 * @throws StackFileError when the file is missing, or isn't YAML
 */
export async function readBackendUrl(dir: string): Promise<string | undefined> {
  const { backend } = await readYaml(dir, "Pulumi.yaml");
  return isPlainObject(backend) && typeof backend.url === "string" ? backend.url : undefined;
}

/** The stack files of a folder. */
export interface StackFileContents {
  /** The project's part of each file, with the project's own defaults, by stack. */
  raws: Map<string, RawConfig>;
  /** What is wrong with the files that can't be read, each with its line, by stack. */
  unreadable: Map<string, StackFileError>;
}

/**
 * The project's part of every `Pulumi.<stack>.yaml` next to `Pulumi.yaml`, by stack, in alphabetical order. Keys that a
 * file does not have come from `Pulumi.yaml`, if that has them. Encrypted values stay as Pulumi wrote them:
 * `{ secure: … }`.
 *
 * @throws StackFileError when `Pulumi.yaml` can't be read
 */
export async function readStackFiles(dir: string): Promise<StackFileContents> {
  const project = await readYaml(dir, "Pulumi.yaml");
  const name = nameOf(project);
  const defaults = projectDefaults(project.config, name);
  const raws = new Map<string, RawConfig>();
  const unreadable = new Map<string, StackFileError>();
  for (const file of (await readdir(dir)).sort()) {
    const stack = stackOfFile(file);
    if (stack === undefined) continue;
    try {
      raws.set(stack, { ...defaults, ...(await readConfig(dir, file, name)) });
    } catch (error) {
      if (!(error instanceof StackFileError)) throw error;
      unreadable.set(stack, error);
    }
  }
  return { raws, unreadable };
}

async function readConfig(dir: string, file: string, project: string): Promise<RawConfig> {
  const { config } = await readYaml(dir, file);
  if (config !== undefined && config !== null && !isPlainObject(config)) {
    throw new StackFileError(
      `${file}: config is not keys and values: write one key per line, such as "${project}:cluster: …"`,
    );
  }
  return ownEntries(config ?? {}, project, (value) => value);
}

/**
 * The project's part of the `config` of `Pulumi.yaml`, which holds for the stacks that don't set the key themselves.
 * Pulumi takes a list or a single value there as it is, and keys and values as a description that has the value.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration
 */
function projectDefaults(config: unknown, project: string): RawConfig {
  if (!isPlainObject(config)) return {};
  return ownEntries(config, project, (entry) => (isPlainObject(entry) ? (entry.value ?? entry.default) : entry));
}

/** The entries with the project's prefix, or with none, without it. Those that have no value are left out. */
function ownEntries(config: Block, project: string, valueOf: (entry: unknown) => unknown): RawConfig {
  const own = Object.entries(config).flatMap(([key, entry]) => {
    const name = ownKey(key, project);
    const value = valueOf(entry);
    return name === undefined || value === undefined ? [] : [[name, structured(name, value)] as const];
  });
  return Object.fromEntries(own);
}

/** A key without the project's prefix; undefined when it has another one. A key without any is the project's, too. */
function ownKey(key: string, project: string): string | undefined {
  if (!key.includes(":")) return key;
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1).replace(/^config:/, "") : undefined;
}

async function readYaml(dir: string, file: string): Promise<Block> {
  const source = await readFile(join(dir, file), "utf8").catch((error: unknown) => {
    throw new StackFileError(`${file}: can't be read: ${(error as Error).message}`, { cause: error });
  });
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, merge: true, prettyErrors: false });
  if (document.errors.length > 0) {
    const lines = document.errors.map(({ pos, message }) => {
      const { line, col } = lineCounter.linePos(pos[0]);
      return `${file}:${line}:${col}: ${message}`;
    });
    throw new StackFileError(lines.join("\n"));
  }
  const content = toPlain(document, file);
  if (content === null || content === undefined) return {};
  if (isPlainObject(content)) return content;
  throw new StackFileError(`${file}:1: not keys and values: write what Pulumi would, such as "config:"`);
}

/** The document's values. Aliases are resolved only here, so one without an anchor fails here, not in the parser. */
function toPlain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    throw new StackFileError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
