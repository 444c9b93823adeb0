import { pulumiHome } from "../setup/folders.ts";
import { prepare } from "../setup/prepare.ts";

/** `npm run tools`: gets the tools, the Docker engine and the images, and does nothing else. */
export async function tools(): Promise<void> {
  await prepare("clusters");
  console.error(`Everything is ready. The tools are in ${pulumiHome}/bin.`);
}
