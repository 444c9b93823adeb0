#!/bin/sh
# Turns Debian's userland plus kind's files into a node. Runs inside the image that is being built.
set -eu
kubernetes_version=$1

# Only what a node needs may start: a container has no devices, consoles or file systems to bring up.
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
systemctl mask systemd-binfmt.service # it would register handlers with the kernel that all containers share
echo 'ReadKMsg=no' >> /etc/systemd/journald.conf
mkdir -p /etc/kubernetes/manifests

# kind's unit looks for containerd where kind's own build puts it.
ln -s /usr/bin/containerd /usr/local/bin/containerd
# A node may lack the right to lower scores; its containers then keep the node's own.
sed -i 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' /etc/containerd/config.toml
cat >> /etc/containerd/config.toml <<'TOML'

# containerd 1.7 looks for registry hosts nowhere unless told
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
# Debian's containerd looks for network plugins elsewhere than everybody's
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/opt/cni/bin"
TOML
# Limits are inherited: raising them takes a right that the node may lack.
ctr oci spec | jq 'del(.process.rlimits)
    | .hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}]' > /etc/containerd/cri-base.json

mkdir -p /opt/cni/bin
for plugin in bridge host-local loopback portmap ptp; do mv "/usr/lib/cni/$plugin" /opt/cni/bin/; done
rm -rf /usr/lib/cni

printf '%s' "$kubernetes_version" > /kind/version
