#!/bin/sh
# Makes the userland of a node: a small Debian with what a node runs, as one archive.
# Usage: userland.sh SUITE FOLDER [MIRROR] (packages are read from standard input; FOLDER/rootfs.tar is the result)
set -eu
root=$2/rootfs
packages=$(tr '\n' ',')
debootstrap --variant=minbase --include="${packages%,}" "$1" "$root" ${3+"$3"}
for path in usr/share/doc usr/share/man usr/share/info usr/share/locale usr/share/i18n \
    var/cache/apt var/cache/debconf var/lib/apt/lists var/log; do
    [ ! -d "$root/$path" ] || find "$root/$path" -mindepth 1 -delete
done
tar -C "$root" --numeric-owner -cf "$2/rootfs.tar" .
rm -rf "$root"
