#!/bin/sh
# Copies programs and iptables' extension modules, with the shared libraries that both need.
# Usage: collect.sh FOLDER PROGRAM…
set -eu
root=$1
shift

add() { # FILE: copies it to the same path; a link becomes the file that it leads to
    [ -e "$root$1" ] && return
    mkdir -p "$root$(dirname "$1")"
    cp -L "$1" "$root$1"
}

add_libraries() { # FILE: a program or a module. Without them a module fails only when a rule first needs it
    ldd "$1" | grep -o '/[^ ]*' | while read -r library; do add "$library"; done
}

for name in "$@"; do
    program=$(command -v "$name")
    add "$program"
    add_libraries "$program"
done
for module in /usr/lib/*/xtables/*.so; do
    add "$module"
    add_libraries "$module"
done

# One program does the work of all of these commands, depending on the name that it is called by.
multi=$(command -v xtables-nft-multi)
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -sf "$(basename "$multi")" "$root$(dirname "$multi")/$name"
done
# The names of iproute2's routing tables, to which kube-router adds one.
mkdir -p "$root/usr/share"
cp -r /usr/share/iproute2 "$root/usr/share/"
mkdir -p "$root/tmp" "$root/run" "$root/var/lib"
