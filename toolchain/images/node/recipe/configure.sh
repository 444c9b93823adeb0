#!/bin/sh
# Turns Debian's userland and kind's files into a node. Runs in the image that is being built.
set -eu
kubernetes_version=$1

# Starts nothing but what a node needs. A container has no devices, consoles or file systems to set up.
for wants in /usr/lib/systemd/system/multi-user.target.wants /usr/lib/systemd/system/local-fs.target.wants \
    /usr/lib/systemd/system/basic.target.wants /etc/systemd/system; do
    case $wants in
        /etc/systemd/system) find "$wants" -path '*.wants/*' -delete ;;
        *) [ ! -d "$wants" ] || find "$wants" -mindepth 1 -delete ;;
    esac
done
rm -f /usr/lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service \
    /usr/lib/systemd/system/sockets.target.wants/*udev* /usr/lib/systemd/system/sockets.target.wants/*initctl*
systemctl enable containerd.service kubelet.service undo-mount-hacks.service
systemctl mask systemd-binfmt.service # it would change the kernel's handlers, which all containers share
echo 'ReadKMsg=no' >> /etc/systemd/journald.conf
mkdir -p /etc/kubernetes/manifests

# kind's unit starts containerd from the path where kind's own node images have it.
ln -s /usr/bin/containerd /usr/local/bin/containerd
# A node may lack the right to lower OOM scores; its containers then have the node's own.
sed -i 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' /etc/containerd/config.toml
cat >> /etc/containerd/config.toml <<'TOML'

# By default containerd 1.7 reads no folder with the registries' hosts
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
# Debian's containerd looks for network plugins in another folder than the usual one
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/opt/cni/bin"
TOML
# Containers inherit the node's limits, since the node may lack the right to raise them.
ctr oci spec | jq 'del(.process.rlimits)
    | .hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}]' > /etc/containerd/cri-base.json

mkdir -p /opt/cni/bin
for plugin in bridge host-local loopback portmap ptp; do mv "/usr/lib/cni/$plugin" /opt/cni/bin/; done
rm -rf /usr/lib/cni

printf '%s' "$kubernetes_version" > /kind/version
