import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { keptFolder } from "../setup/folders.ts";

/** What was brought up last, as far as it decides whether another `up` has anything to do. */
const lastUp = z.object({
  /** What the program was given; see stack-inputs.ts. */
  inputs: z.string(),
  /** The state that came of it; see {@link StackState.version}. */
  state: z.string(),
  /** What the user's kubeconfig said of the cluster; see {@link accessFingerprint}. */
  access: z.string(),
});

export type LastUp = z.infer<typeof lastUp>;

const folder = join(keptFolder, "last-up");
const fileOf = (stack: string): string => join(folder, `${stack}.json`);

/** What a stack was last brought up with; undefined when that is not known. */
export async function readLastUp(stack: string): Promise<LastUp | undefined> {
  try {
    return lastUp.safeParse(JSON.parse(await readFile(fileOf(stack), "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** Remembers what a stack was brought up with. */
export async function writeLastUp(stack: string, last: LastUp): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(fileOf(stack), JSON.stringify(last), { mode: 0o600 });
}

/** Forgets what a stack was brought up with. */
export const forgetLastUp = (stack: string): Promise<void> => rm(fileOf(stack), { force: true });
