import { setVariable } from "./environment-variable.ts";
import { useTemporaryFolder } from "./temporary-folder.ts";

/** Gives each test of the suite that calls this an empty cache of the toolchain, which is removed after the test. */
export function useOwnCache(): void {
  const folder = useTemporaryFolder();
  let restore: () => void;
  beforeEach(() => {
    restore = setVariable("XDG_CACHE_HOME", folder());
  });
  afterEach(() => restore());
}
