import { madeHereLabel, tryDocker } from "../../host/docker.ts";

interface InspectedImage {
  RepoTags: string[] | null;
  Config: { Labels: Record<string, string> | null } | null;
}

/** Which of the images the engine has: their names, each with its key, which is empty for a pulled image. */
export async function existingImages(names: readonly string[]): Promise<Map<string, string>> {
  // The command fails when one image is missing, and prints the others.
  const { stdout } = await tryDocker(["image", "inspect", ...names], { deadlineSeconds: Infinity });
  const found = JSON.parse(stdout || "[]") as InspectedImage[];
  return new Map(
    found.flatMap(({ RepoTags, Config }) =>
      (RepoTags ?? []).map((tag) => [tag, Config?.Labels?.[madeHereLabel] ?? ""]),
    ),
  );
}
