import { chmod, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { fileFor, kubeconfigProblem, removeKubeconfigContext } from "../../../../infra/kind/kubeconfig.ts";
import { setVariable } from "../../../support/environment-variable.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

const file = (path: string, facts: Partial<Parameters<typeof fileFor>[0][number]> = {}) => ({
  path,
  exists: true,
  writable: true,
  mentions: false,
  ...facts,
});

describe("fileFor", () => {
  it("a context is written where it is already, or else to the first file that exists, or else to the last", () => {
    expect(fileFor([file("a"), file("b", { mentions: true })])).to.equal("b");
    expect(fileFor([file("a", { exists: false }), file("b"), file("c")])).to.equal("b");
    expect(fileFor([file("a", { exists: false }), file("b", { exists: false })])).to.equal("b");
  });

  it("a file that can't be written is passed over", () => {
    expect(fileFor([file("a", { writable: false, mentions: true }), file("b")])).to.equal("b");
    expect(fileFor([file("a", { writable: false })])).to.equal(undefined);
  });
});

describe("the user's kubeconfig", () => {
  const folder = useTemporaryFolder("kubeconfig-");
  const text = (current: string) =>
    `contexts:\n- name: kind-c\n  context: {}\n- name: prod\n  context: {}\ncurrent-context: ${current}\n`;
  let restore: () => void;
  const use = (...names: string[]) => {
    restore = setVariable("KUBECONFIG", names.map((name) => join(folder(), name)).join(":"));
  };
  afterEach(() => restore());

  it("a context is removed from every file, through links, and modes stay", async () => {
    await writeFile(join(folder(), "a"), text("prod"), { mode: 0o640 });
    await writeFile(join(folder(), "real"), text("kind-c"));
    await symlink("real", join(folder(), "b"));
    use("a", "b", "none");
    expect(await removeKubeconfigContext("kind-c")).to.deep.equal([]);
    expect(await readFile(join(folder(), "a"), "utf8")).to.not.contain("kind-c");
    expect(await readFile(join(folder(), "a"), "utf8")).to.contain("current-context: prod");
    expect(await readFile(join(folder(), "real"), "utf8")).to.contain('current-context: ""');
    expect((await stat(join(folder(), "a"))).mode & 0o777).to.equal(0o640);
  });

  it("a file that is no kubeconfig, or a folder, does not stop the removal", async () => {
    await writeFile(join(folder(), "a"), "- 1\n");
    await mkdir(join(folder(), "b"));
    await writeFile(join(folder(), "c"), text("prod"));
    use("a", "b", "c");
    expect(await removeKubeconfigContext("kind-c")).to.deep.equal([]);
    expect(await readFile(join(folder(), "c"), "utf8")).to.not.contain("kind-c");
  });

  it("kubeconfigProblem names the files when none can be written", async () => {
    await writeFile(join(folder(), "file"), "");
    use("file/config");
    expect(await kubeconfigProblem()).to.match(
      /can't be written: .*file\/config\. Make it writable, or set KUBECONFIG/,
    );
    restore();
    use("new/config");
    expect(await kubeconfigProblem()).to.equal(undefined);
    await chmod(folder(), 0o700);
  });
});
