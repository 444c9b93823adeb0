import { join } from "node:path";
import { madeHereLabel } from "../../host/docker.ts";
import { inTemporaryFolder } from "../../host/temporary-folder.ts";
import { dockerLogged, runLogged } from "../core/logged-command.ts";

/** Options of {@link importImage}. */
export interface ImportOptions {
  name: string;
  key: string;
  /** The image's configuration, as instructions of a Dockerfile. */
  changes: readonly string[];
  log: string;
}

/** Makes an image with one layer, which holds a folder's content. */
export async function importImage(folder: string, { name, key, changes, log }: ImportOptions): Promise<void> {
  await inTemporaryFolder("import-image-", async (work) => {
    const archive = join(work, "layer.tar");
    const owner = ["--owner=0", "--group=0", "--numeric-owner"];
    await runLogged("tar", ["-C", folder, ...owner, "-cf", archive, "."], { log });
    const options = [...changes, `LABEL ${madeHereLabel}=${key}`].flatMap((change) => ["--change", change]);
    await dockerLogged(["import", ...options, "-", name], { log, inputFile: archive });
  });
}
