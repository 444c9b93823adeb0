import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { useTemporaryFolder } from "./temporary-folder.ts";

/**
 * Gives each test of the suite that calls this the context of an image's build: a folder with `Dockerfile` and
 * `app/main.js`, which is removed after the test.
 *
 * @returns a function that returns the folder's path
 */
export function useBuildContext(): () => string {
  const context = useTemporaryFolder("context-");
  beforeEach(() => {
    writeFileSync(join(context(), "Dockerfile"), "FROM scratch\n");
    mkdirSync(join(context(), "app"));
    writeFileSync(join(context(), "app", "main.js"), "1");
  });
  return context;
}
