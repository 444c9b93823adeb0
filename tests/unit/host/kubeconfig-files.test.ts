import { expect } from "chai";
import { kubeconfigFiles } from "../../../host/kubeconfig-files.ts";

describe("kubeconfigFiles", () => {
  it("relative paths start from the given folder, and each file counts once", () => {
    const env = { HOME: "/home/me", KUBECONFIG: "mine:/b:./mine::/c" };
    expect(kubeconfigFiles("/work", env)).to.deep.equal(["/work/mine", "/b", "/c"]);
  });

  it("without KUBECONFIG, or with one that names no file, it is the one in the home folder", () => {
    for (const value of [undefined, "", ":"]) {
      expect(kubeconfigFiles("/work", { HOME: "/home/me", KUBECONFIG: value })).to.deep.equal([
        "/home/me/.kube/config",
      ]);
    }
  });
});
