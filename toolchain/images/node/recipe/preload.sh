#!/bin/sh
# Makes the images that a cluster starts with, and puts them into the node's containerd. Runs in a container of the
# node image, with this folder at /recipe, each program in its own folder in /programs, and a volume at /preload, since
# containerd can't make snapshots on the overlay file system of a container.
# Usage: preload.sh KUBERNETES ETCD COREDNS KUBE_ROUTER SKIPPER PAUSE (a version, then names of images)
set -eu
work=/preload
socket=$work/containerd.sock

image() { # NAME FOLDER [ENTRYPOINT]
    tar -C "$2" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/layer.tar" .
    digest=$(sha256sum < "$work/layer.tar" | cut -d ' ' -f 1)
    jq -n --arg layer "sha256:$digest" --arg entrypoint "${3-}" '{
        architecture: "amd64", os: "linux",
        config: {
            Env: ["PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin"],
            Entrypoint: (if $entrypoint == "" then null else [$entrypoint] end),
        },
        rootfs: { type: "layers", diff_ids: [$layer] },
    }' > "$work/config.json"
    jq -n --arg name "$1" '[{ Config: "config.json", RepoTags: [$name], Layers: ["layer.tar"] }]' > "$work/manifest.json"
    tar -C "$work" -cf - manifest.json config.json layer.tar | ctr -a "$socket" -n k8s.io images import -
    rm -r "$2" "$work/layer.tar"
}

program() { # PROGRAM FOLDER: prints the path of a new root, which has the program in that folder
    root=$work/root
    mkdir -p "$root$2"
    cp "/programs/$1/$1" "$root$2/"
    echo "$root"
}

verifying_program() { # PROGRAM FOLDER: the same, with the internet's certificate authorities
    root=$(program "$1" "$2")
    mkdir -p "$root/etc/ssl/certs"
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
    echo "$root"
}

packet_filter_program() { # PROGRAM TOOL…: the same, with the tools that it calls to write packet filter rules
    root=$(program "$1" /usr/local/bin)
    shift
    sh /recipe/collect.sh "$root" "$@"
    echo "$root"
}

containerd --config /recipe/containerd.toml --root "$work/containerd" --state "$work/state" --address "$socket" &
containerd=$!
until ctr -a "$socket" version > /dev/null 2>&1; do
    kill -0 "$containerd" # fails when it has ended; its own output says why
    sleep 0.1
done

kubernetes=$1 etcd=$2 coredns=$3 kube_router=$4 skipper=$5 pause=$6
for name in kube-apiserver kube-controller-manager kube-scheduler; do
    image "registry.k8s.io/$name:$kubernetes" "$(program "$name" /usr/local/bin)"
done
image "$etcd" "$(program etcd /usr/local/bin)"
image "$coredns" "$(program coredns /)" /coredns
image "$pause" "$(program pause /)" /pause
image "$skipper" "$(verifying_program skipper /usr/bin)"
image "registry.k8s.io/kube-proxy:$kubernetes" \
    "$(packet_filter_program kube-proxy xtables-nft-multi nft conntrack modprobe)"
image "$kube_router" "$(packet_filter_program kube-router xtables-nft-multi nft ipset ip sh cp modprobe sysctl)"

# Every image that kubeadm asks for must exist under the same name, except the pause image, which is kind's.
kubeadm config images list --kubernetes-version "$kubernetes" | grep -v /pause: > "$work/asked"
ctr -a "$socket" -n k8s.io images list -q > "$work/made"
if grep -v -x -F -f "$work/made" "$work/asked"; then
    echo "kubeadm asks for these images, which were not made." >&2
    exit 1
fi

# The archives of unpacked layers are not needed any more. Every node starts with a copy of what remains.
ctr -a "$socket" -n k8s.io content prune references
kill "$containerd"
wait "$containerd" || true
mkdir -p /var/lib/containerd
cp -a "$work/containerd/." /var/lib/containerd/
