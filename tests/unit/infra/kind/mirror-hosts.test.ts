import { expect } from "chai";
import { mirrorHosts } from "../../../../infra/kind/mirror-hosts.ts";

describe("mirrorHosts", () => {
  it("a mirror with a path gets containerd's requests below its own API", () => {
    expect(mirrorHosts({ "docker.io": "mirror.example.com:8443/docker-hub" })).to.deep.equal([
      {
        path: "/etc/containerd/certs.d/docker.io/hosts.toml",
        content: [
          '[host."https://mirror.example.com:8443/v2/docker-hub"]',
          '  capabilities = ["pull", "resolve"]',
          "  override_path = true",
          "",
        ].join("\n"),
      },
    ]);
  });

  it("a mirror without a path is asked as a registry, over plain HTTP only if it says so", () => {
    const [file] = mirrorHosts({ "gcr.io": "http://mirror:5000" });
    expect(file?.content).to.equal('[host."http://mirror:5000"]\n  capabilities = ["pull", "resolve"]\n');
  });

  it("the authorities of mirrors are put beside their settings", () => {
    const files = mirrorHosts({ "gcr.io": "mirror" }, "PEM");
    expect(files.map(({ path }) => path)).to.deep.equal([
      "/etc/containerd/certs.d/gcr.io/ca.pem",
      "/etc/containerd/certs.d/gcr.io/hosts.toml",
    ]);
    expect(files[0]?.content).to.equal("PEM");
    expect(files[1]?.content).to.include('ca = "/etc/containerd/certs.d/gcr.io/ca.pem"');
  });

  it("nothing is put on nodes without mirrors", () => {
    expect(mirrorHosts({})).to.deep.equal([]);
  });
});
