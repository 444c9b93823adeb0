import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Gives each test of the suite that calls this an empty folder, which is removed after the test.
 *
 * @param prefix of the folder's name. @default a neutral one
 * @returns a function that returns the folder's path
 */
export function useTemporaryFolder(prefix = "unit-test-"): () => string {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), prefix));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return () => folder;
}
