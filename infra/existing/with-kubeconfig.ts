import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunOptions } from "../../host/command.ts";
import { tryKubectl } from "../../host/kubectl.ts";
import { inTemporaryFolder } from "../../host/temporary-folder.ts";

/** What leads to a cluster, in a state. */
export interface Access {
  context: string;
  /** The text of a kubeconfig. */
  kubeconfig: string;
}

/** Runs kubectl on one cluster. */
export type TryKubectl = (args: readonly string[], options?: RunOptions) => ReturnType<typeof tryKubectl>;

/** Does some work on a cluster that a state leads to: what the user's kubeconfig says by now does not count. */
export const withKubeconfig = <T>({ context, kubeconfig }: Access, work: (kubectl: TryKubectl) => Promise<T>) =>
  inTemporaryFolder("fleet-kubeconfig-", async (folder) => {
    const file = join(folder, "config");
    await writeFile(file, kubeconfig, { mode: 0o600 });
    return work((args, options) =>
      tryKubectl({ context, kubeconfig: file }, ["--request-timeout=20s", ...args], options),
    );
  });
