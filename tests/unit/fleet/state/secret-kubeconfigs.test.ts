import { expect } from "chai";
import { secretKubeconfig } from "../../../../config/existing-cluster-config.ts";
import { temporaryRoot } from "../../../../fleet/setup/folders.ts";
import { kubeconfigFile, unlockKubeconfigs } from "../../../../fleet/state/secret-kubeconfigs.ts";

describe("kubeconfigFile", () => {
  it("a secret one is in a file of this process's own, and another for each stack", () => {
    const file = kubeconfigFile("prod", secretKubeconfig);
    expect(file).to.contain(`${temporaryRoot}/${process.pid}/`);
    expect(kubeconfigFile("other", secretKubeconfig)).not.to.equal(file);
  });

  it("any other one is where it is said to be", () => {
    expect(kubeconfigFile("prod", "./eu.yaml")).to.equal("./eu.yaml");
    expect(kubeconfigFile("prod", undefined)).to.equal(undefined);
  });
});

describe("unlockKubeconfigs", () => {
  it("nothing is started for stacks without a secret one", async () => {
    await unlockKubeconfigs(["development", "unknown"]);
  });
});
