import { contentKey, hashOwnFolder } from "../../core/content-key.ts";
import type { Machine } from "../../core/machine.ts";
import { ownFile } from "../../core/paths.ts";
import { images, versions } from "../../../versions.ts";
import { built } from "../../go/artifact.ts";
import { binaries } from "../../go/programs.ts";
import type { Image } from "../image.ts";
import { needsDebian } from "../image.ts";
import { makeNodeImage } from "./make-node-image.ts";
import type { NodeParts } from "./make-node-image.ts";
import { nodeUserland } from "./userland.ts";

/** A kind node with Kubernetes, and with the images that a cluster starts with: no registry need be reached. */
export function nodeImage(): Image {
  const parts: NodeParts = {
    userland: nodeUserland(),
    commands: [built(binaries.kubeadm), built(binaries.kubelet), built(binaries.kubectl)],
    preloaded: [
      built(binaries.apiserver),
      built(binaries.controllerManager),
      built(binaries.scheduler),
      built(binaries.proxy),
      built(binaries.etcd),
      built(binaries.coredns),
      built(binaries.pause),
      built(binaries.kubeRouter),
      built(binaries.skipper),
    ],
  };
  const artifacts = [parts.userland, ...parts.commands, ...parts.preloaded];
  const entries = artifacts.map(({ entry }) => entry.split("/").at(-1));
  const key = contentKey(hashOwnFolder(ownFile("images", "node", "recipe")), versions.kind, images, entries);
  return {
    name: images.node,
    key,
    registry: "https://registry-1.docker.io/v2/",
    artifacts,
    knownSeconds: 45,
    obstacle: (machine) => needsDebian(machine) ?? needsRoot(machine),
    make: (machine, log) => makeNodeImage(parts, key, machine.go ?? "go", log),
  };
}

const needsRoot = ({ root }: Machine): string | undefined =>
  root ? undefined : "making it takes root's rights (it starts from a Debian of its own)";
