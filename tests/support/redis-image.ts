import { run } from "../../host/command.ts";
import { docker } from "../../host/docker.ts";
import { inTemporaryFolder } from "../../host/temporary-folder.ts";

/** Unpacks Debian's package of Redis, without installing it, with all libraries that it needs, into `root`. */
const unpack = `
  packages=$(apt-get install --simulate --no-install-recommends redis-server | sed -n 's/^Inst \\([^ ]*\\).*/\\1/p')
  [ -z "$packages" ] || apt-get download $packages
  mkdir -p unpacked root/usr/bin root/data
  for package in *.deb; do [ ! -e "$package" ] || dpkg-deb --extract "$package" unpacked; done
  program=unpacked/usr/bin/redis-server
  [ -e "$program" ] || program=$(command -v redis-server)
  cp --dereference "$program" root/usr/bin/redis-server
  libraries=$(echo unpacked/usr/lib/*-linux-gnu)
  LD_LIBRARY_PATH="$PWD/$libraries" ldd root/usr/bin/redis-server | grep --only-matching '/[^ ]*' |
    while read -r library; do install -D "$library" "root/\${library#"$PWD/unpacked"}"; done
  tar --owner=0 --group=0 --numeric-owner -C root -cf layer.tar .
`;

const deadlineSeconds = 120;

/**
 * Puts an image with Redis into the engine that is used as the official one is, for machines that can't pull that. Needs
 * Debian, or Ubuntu.
 */
export async function makeRedisImage(name: string): Promise<void> {
  await inTemporaryFolder("redis-image-", async (folder) => {
    await run("bash", ["-euo", "pipefail", "-c", unpack], { cwd: folder, deadlineSeconds });
    const command = JSON.stringify(["/usr/bin/redis-server", "--protected-mode", "no"]);
    const changes = [`CMD ${command}`, "WORKDIR /data", "EXPOSE 6379"].flatMap((change) => ["--change", change]);
    await docker(["import", ...changes, "-", name], { inputFile: `${folder}/layer.tar`, deadlineSeconds });
  });
}
