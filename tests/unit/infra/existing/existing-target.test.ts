import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { existingTarget } from "../../../../infra/existing/existing-target.ts";

const root = dirname(dirname(dirname(dirname(import.meta.dirname))));

describe("existingTarget", () => {
  it("a kubeconfig is seen from the stack file, or from the user's folder, and none is the user's own", () => {
    const fileOf = (kubeconfig?: string) => existingTarget({ context: "prod", kubeconfig }).kubeconfig;
    expect(fileOf("./eu.yaml")).to.equal(join(root, "eu.yaml"));
    expect(fileOf("/etc/eu.yaml")).to.equal("/etc/eu.yaml");
    expect(fileOf("~/.kube/eu.yaml")).to.equal(join(homedir(), ".kube", "eu.yaml"));
    expect(fileOf()).to.equal(undefined);
  });
});
