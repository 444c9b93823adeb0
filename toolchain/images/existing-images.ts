import { execa } from "execa";
import { keyLabel } from "./import-image.ts";

interface Inspected {
  RepoTags: string[] | null;
  Config: { Labels: Record<string, string> | null } | null;
}

/** The images that the engine has, by name, each with the key that it carries; an empty one where it has none. */
export async function existingKeys(names: readonly string[]): Promise<Map<string, string>> {
  const { stdout } = await execa("docker", ["image", "inspect", ...names], { stdin: "ignore", reject: false });
  const found = JSON.parse(stdout || "[]") as Inspected[];
  return new Map(
    found.flatMap(({ RepoTags, Config }) => (RepoTags ?? []).map((tag) => [tag, Config?.Labels?.[keyLabel] ?? ""])),
  );
}
