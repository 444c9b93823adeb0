import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { isPlainObject } from "../host/plain-object.ts";
import type { Block, RawConfig } from "./raw-config.ts";
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
  const { name } = await readYaml(dir, "Pulumi.yaml");
  if (typeof name === "string" && name !== "") return name;
  throw new StackFileError('Pulumi.yaml: no name: write one, such as "name: identity"');
}

/**
 * The project's part of every `Pulumi.<stack>.yaml` next to `Pulumi.yaml`, by stack, in alphabetical order.
 * Encrypted values stay as Pulumi wrote them: `{ secure: … }`.
 *
 * @throws StackFileError with all the files that can't be read, each with its line
 */
export async function readStackFiles(dir: string): Promise<Map<string, RawConfig>> {
  const project = await readProjectName(dir);
  const files = (await readdir(dir)).filter((file) => stackOfFile(file) !== undefined).sort();
  const read = await Promise.allSettled(files.map((file) => readConfig(dir, file, project)));

  const errors = read.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
  const unforeseen = errors.find((error) => !(error instanceof StackFileError));
  if (unforeseen !== undefined) throw unforeseen;
  if (errors.length > 0) throw new StackFileError(errors.map(({ message }) => message).join("\n"));
  return new Map(read.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])));
}

async function readConfig(dir: string, file: string, project: string): Promise<[string, RawConfig]> {
  const { config } = await readYaml(dir, file);
  if (config !== undefined && config !== null && !isPlainObject(config)) {
    throw new StackFileError(
      `${file}: config is not keys and values: write one key per line, such as "${project}:cluster: …"`,
    );
  }
  const own = Object.entries(config ?? {}).flatMap(([key, value]) => {
    const name = ownKey(key, project);
    return name === undefined ? [] : [[name, value] as const];
  });
  return [stackOfFile(file) ?? file, Object.fromEntries(own)];
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
