import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { inTemporaryFolder } from "../../../../../host/temporary-folder.ts";
import { ownFile } from "../../../../../toolchain/core/paths.ts";
import {
  defaultCni,
  kubeRouterImage,
  kubeRouterPlaceholder,
} from "../../../../../toolchain/images/node/default-cni.ts";
import { preloadedImages } from "../../../../../toolchain/images/node/make-node-image.ts";
import { versions } from "../../../../../versions.ts";

interface Manifest {
  kind: string;
  spec?: { template: { spec: { containers: { image: string; command: string[]; env: { name: string }[] }[] } } };
}

const template = readFileSync(ownFile("images", "node", "recipe", "default-cni.yaml"), "utf8");

function daemonSet(manifest: string) {
  const documents = parseAllDocuments(manifest);
  expect(documents.flatMap(({ errors }) => errors)).to.deep.equal([]);
  return documents.map((document) => document.toJS() as Manifest).find(({ kind }) => kind === "DaemonSet");
}

describe("defaultCni", () => {
  it("the template of the node image's network manifest has one placeholder for kube-router's image, and no version", () => {
    expect(template.split(kubeRouterPlaceholder)).to.have.length(2);
    expect(template.match(/image:.*/g)).to.deep.equal([`image: ${kubeRouterPlaceholder}`]);
    expect(template).not.to.include(versions.kubeRouter);
    expect(template).not.to.match(/\bv\d+\.\d+\.\d+/);
  });

  it("the node image's network manifest has the image of kube-router that the node image holds", () => {
    expect(preloadedImages).to.include(kubeRouterImage);
    expect(defaultCni()).not.to.include(kubeRouterPlaceholder);
    const containers = daemonSet(defaultCni())?.spec?.template.spec.containers;
    expect(containers?.map(({ image }) => image)).to.deep.equal([kubeRouterImage]);
  });

  it("the network manifest has the phrase that makes kind add CONTROL_PLANE_ENDPOINT, and a list of variables for it", () => {
    expect(template).to.include("would you kindly patch this file");
    expect(template).not.to.include("would you kindly template this file");
    expect(daemonSet(template)?.spec?.template.spec.containers[0]?.env).to.be.an("array");
  });

  const range = "--service-cluster-ip-range=";
  const id = "--router-id=generate";
  for (const { addresses, options } of [
    { addresses: "172.18.0.2", options: [] },
    { addresses: "fc00::2", options: ["--enable-ipv6", "--enable-ipv4=false", `${range}fd00:10:96::/112`, id] },
    { addresses: "172.18.0.2,fc00::2", options: ["--enable-ipv6", `${range}10.96.0.0/12,fd00:10:96::/112`, id] },
    { addresses: "fc00::2,172.18.0.2", options: ["--enable-ipv6", `${range}10.96.0.0/12,fd00:10:96::/112`, id] },
  ]) {
    it(`kube-router on a node with ${addresses} speaks what the node does`, () =>
      inTemporaryFolder("cni-", async (folder) => {
        const [container] = daemonSet(defaultCni())?.spec?.template.spec.containers ?? [];
        expect(container?.env.map(({ name }) => name)).to.include("POD_IPS");
        await standIn(folder, "cp", ":");
        await standIn(folder, "kube-router", 'printf "%s\\n" "$@"');
        const [shell = "", ...args] = container?.command ?? [];
        const { stdout } = await execa(shell, args, {
          env: { PATH: [folder, process.env.PATH].join(delimiter), POD_IPS: addresses },
        });
        const always = ["--run-router", "--run-firewall", "--run-service-proxy=false", "--enable-overlay=false"];
        expect(stdout.split("\n")).to.deep.equal([...always, ...options]);
      }));
  }
});

/** Makes a command of a name in a folder. */
async function standIn(folder: string, name: string, line: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}
