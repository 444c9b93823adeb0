import { chmod, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quote } from "../../host/shell.ts";
import type { FleetEnvironment } from "./environment.ts";
import { projectFolder, shellBin, temporaryRoot } from "./folders.ts";

/**
 * What a POSIX shell evaluates to work on the fleet. The shell's own PATH stays, with our folders before it, and so does
 * its choice of a Docker engine; evaluating this again changes nothing.
 *
 * @param bin the folder with the tools
 */
export function shellLines(bin: string, environment: FleetEnvironment): string[] {
  const own = Object.entries(environment).filter(([name]) => name !== "PATH" && name !== "DOCKER_HOST");
  const exports = own.map(([name, value]) => `export ${name}=${quote(value)}`);
  const folders = `${shellBin}:${bin}`;
  return [
    ...exports,
    `case ":$PATH:" in *${quote(`:${folders}:`)}*) ;; *) export PATH=${quote(`${folders}:`)}"$PATH" ;; esac`,
  ];
}

/**
 * Writes a pulumi for shells. What plain pulumi needs around it, and a shell does not: a Node that runs TypeScript, the
 * address of the engine of Docker's current context, which Pulumi's plugin for Docker doesn't know, and a temporary
 * folder (see temporary-folders.ts).
 *
 * @param bin the folder with the tools
 */
export async function placeShellPulumi(bin: string): Promise<void> {
  const path = join(shellBin, "pulumi");
  const temporary = join(shellBin, `.${process.pid}`);
  await writeFile(temporary, shellPulumi(bin));
  await chmod(temporary, 0o755);
  await rename(temporary, path);
}

/** The text of {@link placeShellPulumi}'s program. */
export const shellPulumi = (bin: string): string => `#!/bin/sh
# Written by \`npm run env\`.
for folder in ${quote(temporaryRoot)}/*; do
  kill -0 "\${folder##*/}" 2>/dev/null || rm -rf "$folder"
done
TMPDIR=${quote(temporaryRoot)}/$$
mkdir -p -m 700 "$TMPDIR"
PATH=${quote(`${bin}:${join(projectFolder, "node_modules", ".bin")}`)}:"$PATH"
export TMPDIR PATH
if [ -z "\${DOCKER_HOST-}" ]; then
  unset DOCKER_HOST
  host=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null)
  case $host in unix:///var/run/docker.sock) ;; unix://*) export DOCKER_HOST="$host" ;; esac
fi
exec ${quote(join(bin, "pulumi"))} "$@"
`;
