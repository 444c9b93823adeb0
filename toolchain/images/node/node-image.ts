import { digests, images, versions } from "../../../versions.ts";
import { contentKey, hashOwnFolder } from "../../core/content-key.ts";
import type { Machine } from "../../core/machine.ts";
import { ownFile } from "../../core/paths.ts";
import { built } from "../../go/artifact.ts";
import { programs } from "../../go/programs.ts";
import { type Image, needsDebian } from "../image.ts";
import { makeNodeImage, type NodeParts, preloadedImages } from "./make-node-image.ts";
import { nodeUserland } from "./userland.ts";

/** A kind node with Kubernetes. It holds the images that a cluster starts with, so that none has to be pulled. */
export function nodeImage(): Image {
  const parts: NodeParts = {
    userland: nodeUserland(),
    commands: [built(programs.kubeadm), built(programs.kubelet), built(programs.kubectl)],
    preloaded: [
      built(programs.apiserver),
      built(programs.controllerManager),
      built(programs.scheduler),
      built(programs.proxy),
      built(programs.etcd),
      built(programs.coredns),
      built(programs.pause),
      built(programs.kubeRouter),
      built(programs.skipper),
    ],
  };
  const artifacts = [parts.userland, ...parts.commands, ...parts.preloaded];
  const entries = artifacts.map(({ entry }) => entry.split("/").at(-1));
  const recipe = hashOwnFolder(ownFile("images", "node", "recipe"));
  const key = contentKey(recipe, versions.kind, images.node, preloadedImages, entries);
  return {
    name: images.node,
    key,
    digest: digests.node,
    pullBytes: 450e6,
    artifacts,
    knownSeconds: 45,
    obstacle: (machine) => needsDebian(machine) ?? needsRoot(machine),
    make: (machine, log) => makeNodeImage(parts, key, machine.go ?? "go", log),
  };
}

const needsRoot = ({ root }: Machine): string | undefined =>
  root ? undefined : "making it takes root's rights (it starts from a Debian of its own)";
