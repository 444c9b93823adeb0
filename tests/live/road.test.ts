import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { arch, platform, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { docker, tryDocker } from "../../host/docker.ts";
import { checksums, digests, images, type Platform, versions } from "../../versions.ts";
import { type ImageMirror, startImageMirror } from "../support/image-mirror.ts";
import { killProcessesOf } from "../support/kill-project.ts";
import { imageOf } from "../support/kubectl.ts";
import { type ReleaseMirror, startReleaseMirror } from "../support/release-mirror.ts";
import { settled, ThrowawayProject } from "../support/throwaway-project.ts";
import { sweep, throwawayPrefix } from "../support/throwaway-clusters.ts";

const system = `${platform()}-${arch() === "x64" ? "amd64" : arch()}` as Platform;

/** The images under names that this machine's engine doesn't have yet. */
const asked = {
  node: `${images.node}-road`,
  registry: `${images.registry}-road`,
  serviceBase: images.serviceBase.replace(/:.*/, ":road"),
  skipper: images.skipper.replace(/:.*/, ":road"),
};

// The road that most users take, on a machine whose own way to the internet may be closed: an official release is what
// the toolchain has here, under its official name.
describe("a machine that gets releases and images from mirrors", function () {
  this.timeout(900_000);
  let project: ThrowawayProject;
  let releases: ReleaseMirror;
  let registry: ImageMirror;
  let home: string;

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create(["staging"]);
    home = await mkdtemp(join(tmpdir(), `${throwawayPrefix}home-`));
    releases = await startReleaseMirror();
    registry = await startImageMirror(join(home, ".docker"));
    for (const key of ["node", "registry", "serviceBase"] as const) {
      const digest = await registry.push(images[key], asked[key]);
      await project.edit("versions.ts", digests[key] ?? "", digest);
    }
    await registry.push(images.skipper, asked.skipper);
    await project.edit("versions.ts", "`ghcr.io/zalando/skipper:v${versions.skipper}`", JSON.stringify(asked.skipper));
    await project.edit("versions.ts", "`kindest/node:v${versions.kubernetes}`", JSON.stringify(asked.node));
    await project.edit("versions.ts", "`registry:${versions.registry}`", JSON.stringify(asked.registry));
    await project.edit(
      "versions.ts",
      "`gcr.io/distroless/nodejs${versions.node}-debian13:nonroot`",
      JSON.stringify(asked.serviceBase),
    );
    for (const [tool, sums] of Object.entries(checksums)) {
      const pinned = sums[system];
      if (pinned !== undefined) await project.edit("versions.ts", pinned, releases.sums[tool] ?? "");
    }
  });
  after(async () => {
    await project.remove();
    for (const image of Object.values(asked)) await tryDocker(["rmi", "--force", image]);
    await registry.remove();
    await releases.remove();
    await rm(home, { recursive: true, force: true });
  });

  const environment = (cache: string) => ({
    HOME: home,
    DOCKER_CONFIG: join(home, ".docker"),
    XDG_CACHE_HOME: join(home, cache),
    // Without the tools that this run of the tests has put there.
    PATH: (process.env.PATH ?? "")
      .split(delimiter)
      .filter((folder) => !folder.includes("pulumi-home"))
      .join(delimiter),
    FLEET_GITHUB_URL: releases.github,
    FLEET_KUBERNETES_URL: releases.kubernetes,
    FLEET_IMAGE_MIRRORS: Object.entries(registry.mirrors)
      .map((pair) => pair.join("="))
      .join(","),
    NODE_EXTRA_CA_CERTS: releases.caFile,
  });
  const cached = (cache: string) => readdirSync(join(home, cache, "kind-fleet"));
  const run = (script: string, args: string[] = [], env: Record<string, string> = {}) =>
    settled(project.start(script, args, { ...environment("cache"), ...env }));

  it("npm run tools says what it will fetch, downloads and pulls all of it, and builds nothing", async () => {
    const { status, all } = await run("tools");
    expect(status, all).to.equal(0);
    expect(all).to.match(/To be downloaded, once: pulumi \(\d+ MB\), kind \(\d+ MB\), .*That is about \d+ MB in all\./);
    expect(all).not.to.match(/building|making/i);
    for (const tool of Object.keys(releases.sums)) expect(all).to.include(`${tool}: done in`);
    for (const image of Object.values(asked)) expect(all).to.include(`${image}: done in`);
  });

  it("npm run tools took each release once, by its official name, and followed redirects to another host", () => {
    const archives = releases.requested.filter((path) => /\.tar\.gz$|\/kubectl$|\/kind-[^.]+$/.test(path));
    // A HEAD and a GET, each of them redirected; nothing but a HEAD for the docker plugin, which the mirror lacks.
    const counts = Object.values(Object.groupBy(archives, (path) => path)).map((group) => group?.length);
    expect(counts.sort()).to.deep.equal([1, 4, 4, 4, 4]);
  });

  it("npm run tools does nothing the second time", async () => {
    const before = releases.requested.length;
    const { all } = await run("tools");
    expect(all).not.to.include("downloading").and.not.to.include("pulling");
    expect(releases.requested).to.have.length(before);
  });

  it("npm run up works with what came from mirrors, on the image that was pulled by its digest", async () => {
    const { status, all } = await run("up", ["staging"]);
    expect(status, all).to.equal(0);
    expect(all).to.include("This is identity in cluster staging");
    expect(await docker(["inspect", "--format", "{{.Config.Image}}", project.node("staging")])).to.equal(asked.node);
  });

  it("nodes have the mirrors with their login, in files that only root may read, and Skipper from their registry", async () => {
    const file = "/etc/containerd/certs.d/docker.io/hosts.toml";
    const onNode = (...command: string[]) => docker(["exec", project.node("staging"), ...command]);
    expect(await onNode("cat", file))
      .to.include("/mirror/docker.io")
      .and.include("override_path = true")
      .and.match(/Authorization = "Basic \S+"/);
    expect(await onNode("stat", "--format", "%a", file)).to.equal("600");
    expect(await imageOf(project.cluster("staging"), "skipper-ingress", "skipper")).to.match(
      /^localhost:\d+\/skipper-road-[0-9a-f]{8}@sha256:/,
    );
  });

  it("npm run tools refuses a download with a wrong sum, and keeps nothing of it", async () => {
    releases.corrupt("pulumi");
    await project.shell("rm -rf .fleet/pulumi-home");
    const { status, all } = await run("tools", [], { XDG_CACHE_HOME: join(home, "wrong") });
    expect(status).to.equal(1);
    expect(all).to.match(
      /pulumi: downloading failed\. https:\S+ has the sum [0-9a-f]{64}, but [0-9a-f]{64} is expected/,
    );
    expect(all).not.to.match(/^ +at /m);
    expect(cached("wrong").filter((name) => /^(pulumi|\.unfinished)/.test(name))).to.deep.equal([]);
  });

  it("npm run tools goes on after one that was killed in the middle of a download, and nothing half-made counts", async () => {
    releases.mend();
    const middle = releases.stall("pulumi");
    const killed = project.start("tools", [], { ...environment("killed") });
    await middle;
    await killProcessesOf(project);
    await settled(killed);
    expect(cached("killed").filter((name) => /^pulumi/.test(name))).to.deep.equal([]);
    expect(cached("killed").filter((name) => name.startsWith(".unfinished"))).to.have.length(1);
    releases.mend();
    const { status, all } = await run("tools", [], { XDG_CACHE_HOME: join(home, "killed") });
    expect(status, all).to.equal(0);
    expect(cached("killed").filter((name) => /^\.unfinished/.test(name))).to.deep.equal([]);
    const version = await project.shell(`HOME=${home} .fleet/pulumi-home/bin/pulumi version`);
    expect(version.stdout).to.include(versions.pulumi);
  });
});
