import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { RawConfig } from "./stack-config.ts";
import { type Block, isBlock } from "./raw-config.ts";
import { isStackReference } from "./stack-name.ts";

/** A project or stack file that can't be read, or isn't what Pulumi would take. */
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
 * The project's part of every `Pulumi.<stack>.yaml` beside `Pulumi.yaml`, by stack, in alphabetical order.
 * Encrypted values stay as Pulumi wrote them: `{ secure: … }`.
 *
 * @throws StackFileError with all the files that can't be read, each with its line
 */
export async function readStackFiles(dir: string): Promise<Map<string, RawConfig>> {
  const project = await readProjectName(dir);
  const files = (await readdir(dir)).filter((file) => stackOf(file) !== undefined).sort();
  const read = await Promise.allSettled(files.map((file) => readConfig(dir, file, project)));

  const failures = read.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  const unforeseen = failures.find((failure) => !(failure instanceof StackFileError));
  if (unforeseen !== undefined) throw unforeseen as Error;
  if (failures.length > 0) throw new StackFileError(failures.map((failure) => (failure as Error).message).join("\n"));
  return new Map(read.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])));
}

/** The stack that a file is for; undefined for `Pulumi.yaml` itself and for all other files. */
function stackOf(file: string): string | undefined {
  const stack = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
  return stack !== undefined && isStackReference(stack) ? stack : undefined;
}

async function readConfig(dir: string, file: string, project: string): Promise<[string, RawConfig]> {
  const { config } = await readYaml(dir, file);
  if (config !== undefined && config !== null && !isBlock(config)) {
    throw new StackFileError(
      `${file}: config is not keys and values: write one key per line, such as "${project}:cluster: …"`,
    );
  }
  const own = Object.entries(config ?? {}).flatMap(([key, value]) => {
    const name = ownKey(key, project);
    return name === undefined ? [] : [[name, value] as const];
  });
  return [stackOf(file) ?? file, Object.fromEntries(own)];
}

/** A key without the project's prefix; Pulumi takes one without any namespace as the project's, too. */
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
  if (isBlock(content)) return content;
  throw new StackFileError(`${file}:1: not keys and values: write what Pulumi would, such as "config:"`);
}

/** Anchors are followed only here, and so fail only here. */
function toPlain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    throw new StackFileError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
