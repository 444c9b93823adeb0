import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { componentType } from "./pulumi/component-type.ts";

export interface ContainerFilesArgs {
  /** The service that they belong to. */
  name: string;
  namespace: string;
  labels: Record<string, string>;
  /** The path in the container, and the file that it holds, seen from the folder. */
  files: Readonly<Record<string, string>>;
  folder: string;
}

/** Files of a container, in a ConfigMap whose name changes with their content, so that the pods are rolled out with it. */
export class ContainerFiles extends pulumi.ComponentResource {
  readonly volumes: k8s.types.input.core.v1.Volume[];
  /** Each file by itself: what else the image has in its folder stays. */
  readonly volumeMounts: k8s.types.input.core.v1.VolumeMount[];

  constructor(args: ContainerFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { name, namespace, labels, files, folder } = args;
    super(componentType("ContainerFiles"), `${namespace}/${name}`, {}, opts);
    const entries = Object.entries(files)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([mountPath, source], index) => ({
        mountPath,
        key: `${index}-${basename(mountPath).replaceAll(/[^-._a-zA-Z0-9]/g, "_")}`,
        content: readFileSync(resolve(folder, source)),
      }));
    const data = Object.fromEntries(entries.filter(isText).map(({ key, content }) => [key, content.toString()]));
    const others = entries.filter((entry) => !isText(entry));
    const binaryData = Object.fromEntries(others.map(({ key, content }) => [key, content.toString("base64")]));
    const hash = createHash("sha256")
      .update(JSON.stringify([data, binaryData]))
      .digest("hex")
      .slice(0, 10);
    const map = new k8s.core.v1.ConfigMap(
      `${namespace}/${name}-files-${hash}`,
      {
        metadata: { name: `${name}-files-${hash}`, namespace, labels },
        immutable: true,
        data,
        binaryData: others.length === 0 ? undefined : binaryData,
      },
      { parent: this },
    );
    this.volumes = [{ name: "files", configMap: { name: map.metadata.name } }];
    this.volumeMounts = entries.map(({ mountPath, key }) => ({
      name: "files",
      mountPath,
      subPath: key,
      readOnly: true,
    }));
    this.registerOutputs();
  }
}

/** Whether a file is text that survives in a ConfigMap's `data`. */
const isText = ({ content }: { content: Buffer }): boolean => Buffer.from(content.toString()).equals(content);
