import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parseAllDocuments } from "yaml";
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
  spec?: { template: { spec: { containers: { image: string; env: unknown[] }[] } } };
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
});
