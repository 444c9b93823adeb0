#!/bin/sh
# Copies programs, the shared libraries that they and iptables' extension modules name, and those modules.
# Usage: collect.sh FOLDER PROGRAM…
set -eu
root=$1
shift

add() { # a file, under the name it is looked up by, as what it links to at the end
    [ -e "$root$1" ] && return
    mkdir -p "$root$(dirname "$1")"
    cp -L "$1" "$root$1"
}

add_libraries() { # a module's libraries too: a missing one shows only when a rule first needs that module
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

# One program answers to all of these names, by the name it is called with.
multi=$(command -v xtables-nft-multi)
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -sf "$(basename "$multi")" "$root$(dirname "$multi")/$name"
done
# iproute2's names for routing tables; kube-router adds one of its own.
mkdir -p "$root/usr/share"
cp -r /usr/share/iproute2 "$root/usr/share/"
mkdir -p "$root/tmp" "$root/run" "$root/var/lib"
