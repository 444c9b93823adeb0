import { isDeepStrictEqual } from "node:util";
import { Document, isMap, isSeq, parseDocument, type YAMLSeq } from "yaml";
import { isPlainObject } from "../../host/plain-object.ts";

/** The lists of a kubeconfig. Each entry has a name, and a cluster's entries all have that of its context. */
const sections = ["clusters", "users", "contexts"] as const;

/** What a kubeconfig says of one context: its entry in each list. @default the list has none of that name */
export type ContextEntries = Partial<Record<(typeof sections)[number], unknown>>;

/** A text that is no kubeconfig. The message goes on after the file's name. */
export class KubeconfigTextError extends Error {
  override readonly name = "KubeconfigTextError";
}

/** What a kubeconfig says of a context. @throws KubeconfigTextError */
export function entriesOf(text: string, context: string): ContextEntries {
  const content = read(text).toJS() as unknown;
  const entries = sections.map((section) => {
    const list: unknown = isPlainObject(content) ? content[section] : undefined;
    const all = Array.isArray(list) ? (list as unknown[]) : [];
    return [section, all.find((entry) => isPlainObject(entry) && entry.name === context)] as const;
  });
  return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
}

/** Whether a kubeconfig says anything of a context, or has it as the current one. @throws KubeconfigTextError */
export const mentions = (text: string, context: string): boolean =>
  Object.keys(entriesOf(text, context)).length > 0 || read(text).get("current-context") === context;

/** What kubectl makes of several files: of each list, the first file that has an entry counts. */
export const firstOf = (all: readonly ContextEntries[]): ContextEntries =>
  Object.assign({}, ...all.toReversed()) as ContextEntries;

/** Whether two kubeconfigs lead to the same cluster, as the same user. */
export const leadToTheSame = (one: ContextEntries, other: ContextEntries): boolean => isDeepStrictEqual(one, other);

/**
 * The kubeconfig with the entries of one context, in place of those of that name. All else stays as it is: comments, the
 * order, and the current context.
 *
 * @throws KubeconfigTextError
 */
export function withEntries(text: string, context: string, entries: ContextEntries): string {
  const document = read(text);
  for (const [key, value] of Object.entries({ apiVersion: "v1", kind: "Config" })) {
    if (!document.has(key)) document.set(key, value);
  }
  for (const section of sections) {
    const list = listIn(document, section);
    const index = list.items.findIndex((item) => nameOf(item) === context);
    const item = document.createNode(entries[section]);
    if (index === -1) list.items.push(item);
    else list.items[index] = item;
  }
  return write(document);
}

/** The kubeconfig without a context; one that was the current one is so no longer. @throws KubeconfigTextError */
export function withoutContext(text: string, context: string): string {
  const document = read(text);
  for (const section of sections) {
    const list = document.get(section);
    if (isSeq(list)) list.items = list.items.filter((item) => nameOf(item) !== context);
  }
  if (document.get("current-context") === context) document.set("current-context", "");
  return write(document);
}

function read(text: string): Document {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw new KubeconfigTextError(`is not YAML: ${error.message}`);
  if (document.contents === null) return new Document({});
  if (!isMap(document.contents)) throw new KubeconfigTextError("is not a kubeconfig: it holds no keys and values");
  return document;
}

/** As kubectl and kind write it, without breaking lines: certificates are long. */
const write = (document: Document): string =>
  document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });

function listIn(document: Document, section: string): YAMLSeq {
  const present = document.get(section);
  if (isSeq(present)) return present;
  if (present !== undefined && present !== null)
    throw new KubeconfigTextError(`is not a kubeconfig: ${section} is no list`);
  const list = document.createNode([]);
  document.set(section, list);
  return list;
}

const nameOf = (item: unknown): unknown => (isMap(item) ? item.get("name") : undefined);
