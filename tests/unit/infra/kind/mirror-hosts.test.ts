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
    const files = mirrorHosts({ "gcr.io": "mirror" }, { authorities: "PEM" });
    expect(files.map(({ path }) => path)).to.deep.equal([
      "/etc/containerd/certs.d/gcr.io/ca.pem",
      "/etc/containerd/certs.d/gcr.io/hosts.toml",
    ]);
    expect(files[0]?.content).to.equal("PEM");
    expect(files[1]?.content).to.include('ca = "/etc/containerd/certs.d/gcr.io/ca.pem"');
  });

  it("a login goes to the mirrors of its registry, and to no others", () => {
    const logins = new Map([["mirror:5000", { user: "me", password: "secret" }]]);
    const mirrors = { "gcr.io": "mirror:5000/gcr", "docker.io": "other" };
    const [gcr, hub] = mirrorHosts(mirrors, { logins });
    const header = `[host."https://mirror:5000/v2/gcr".header]\n    Authorization = "Basic bWU6c2VjcmV0"\n`;
    expect(gcr?.content)
      .to.match(/override_path = true\n/)
      .and.include(header);
    expect(hub?.content).not.to.include("Authorization");
  });

  it("nothing is put on nodes without mirrors", () => {
    expect(mirrorHosts({})).to.deep.equal([]);
  });
});
