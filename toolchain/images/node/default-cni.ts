import { readFileSync } from "node:fs";
import { versions } from "../../../versions.ts";
import { ownFile } from "../../core/paths.ts";

/** kube-router's image inside the node image. No registry has it. */
export const kubeRouterImage = `toolchain.local/kube-router:v${versions.kubeRouter}`;

/** Stands for {@link kubeRouterImage} in the recipe's `default-cni.yaml`. */
export const kubeRouterPlaceholder = "KUBE_ROUTER_IMAGE";

/** The manifest of the nodes' network, which kind applies to each new cluster. */
export function defaultCni(): string {
  const template = readFileSync(ownFile("images", "node", "recipe", "default-cni.yaml"), "utf8");
  return template.replace(kubeRouterPlaceholder, kubeRouterImage);
}
