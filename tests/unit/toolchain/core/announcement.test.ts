import { expect } from "chai";
import { announcement } from "../../../../toolchain/core/announcement.ts";
import type { Step } from "../../../../toolchain/core/steps.ts";

const run = () => Promise.resolve();
const download = (name: string, bytes?: number): Step => ({ name, doing: "downloading", bytes, run });
const build = (name: string, knownSeconds: number): Step => ({ name, doing: "building", knownSeconds, run });

describe("announcement", () => {
  it("the first run says what it downloads, and how much that is", () => {
    const steps = [download("pulumi", 95_000_000), { ...download("registry:3", 20_000_000), doing: "pulling" }];
    expect(announcement(steps, [], "/cache")).to.deep.equal([
      "To be downloaded, once: pulumi (95 MB), registry:3 (20 MB). That is about 115 MB in all.",
      "All of it is kept in /cache and in the Docker engine, for every checkout.",
    ]);
  });

  it("the first run names a sum as a part where a server doesn't say how much it has", () => {
    const [line] = announcement([download("a", 1e6), download("b", 2e6), download("c")], [], "/cache");
    expect(line).to.equal("To be downloaded, once: a (1 MB), b (2 MB), c. That is more than 3 MB in all.");
  });

  it("the first run says what it makes, how long that takes, and why, each reason once", () => {
    const why = "https://github.com can't be used (there is no network)";
    expect(announcement([build("pulumi", 255), build("kind", 40)], [why, why], "/cache")[0]).to.equal(
      `To be made here, once, in about 5 minutes on two cores, since ${why}: pulumi, kind.`,
    );
  });

  it("an engine that is installed is a download, too, and its start is not told as if it were made", () => {
    const steps = [
      { name: "docker.io", doing: "installing", bytes: 70e6, run },
      { name: "dockerd", doing: "starting", run },
    ];
    expect(announcement(steps, [], "/cache")).to.deep.equal(["To be downloaded, once: docker.io (70 MB)."]);
  });

  it("nothing is said where nothing is missing", () => {
    expect(announcement([], [], "/cache")).to.deep.equal([]);
  });
});
