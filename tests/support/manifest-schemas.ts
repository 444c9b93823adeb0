import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The part of an OpenAPI v2 definition that is read here. */
interface Definition {
  type?: string;
  properties?: Record<string, Definition>;
  items?: Definition;
  additionalProperties?: Definition | boolean;
  $ref?: string;
  format?: string;
  "x-kubernetes-group-version-kind"?: { group: string; version: string; kind: string }[];
  "x-kubernetes-int-or-string"?: boolean;
}

const reference = "#/definitions/";

/**
 * Writes a JSON schema for every kind of a cluster's API, in the layout that kubeconform's `-schema-location` reads.
 * The schemas are strict: they refuse properties that the API does not know.
 *
 * @param openApi the API server's answer to `/openapi/v2`
 */
export async function writeSchemas(openApi: string, folder: string): Promise<void> {
  const { definitions } = JSON.parse(openApi) as { definitions: Record<string, Definition> };
  const strict = Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, strictly(name, definition)]),
  );
  await writeFile(join(folder, "_definitions.json"), JSON.stringify({ definitions: strict }));
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version, kind } of definition["x-kubernetes-group-version-kind"] ?? []) {
      const file = [kind, ...(group === "" ? [] : [group.split(".")[0]]), version].join("-").toLowerCase();
      await writeFile(
        join(folder, `${file}.json`),
        JSON.stringify({ $ref: `file://${folder}/_definitions.json${reference}${name}` }),
      );
    }
  }
}

function strictly(name: string, definition: Definition): Definition {
  // The API's description has these two as text, and they may be numbers as well.
  if (name.endsWith(".IntOrString")) return { oneOf: [{ type: "string" }, { type: "integer" }] } as Definition;
  if (name.endsWith(".Quantity")) return { oneOf: [{ type: "string" }, { type: "number" }] } as Definition;
  const { properties } = definition;
  if (properties === undefined) return definition;
  return { ...definition, properties, additionalProperties: definition.additionalProperties ?? false };
}
