import { expect } from "chai";
import { onlyProblemOf, problemsOf, withService } from "../../support/stack-configs.ts";

describe("what a service can say", () => {
  it("a service with every key has no problem", () => {
    const full = {
      build: {
        context: "../web",
        dockerfile: "Dockerfile.prod",
        target: "run",
        args: { VERSION: 1.2 },
        platform: "linux/amd64",
      },
      port: 8080,
      env: { LOG_LEVEL: "debug", RETRIES: 3, VERBOSE: true },
      secretEnv: { API_KEY: { secure: "v1:x" } },
      command: ["/app"],
      args: ["--port", 8080],
      probes: { readiness: { path: "/ready" }, liveness: "none", startup: { path: "/", withinSeconds: 120 } },
      progressDeadlineSeconds: 600,
      resources: { cpu: "100m", memory: "256Mi", limits: { cpu: 2 } },
      files: { "/etc/web/config.json": "./web.json" },
      writable: ["/tmp", "/var/cache/web"],
      security: "baseline",
      runAsUser: 0,
      egress: [{ to: "203.0.113.0/24", port: 5432 }, { to: "internet" }, { to: "any", port: 53, protocol: "UDP" }],
      ingress: { host: "shop.localhost", path: "/" },
    };
    expect(problemsOf(withService(full))).to.deep.equal([]);
    const ports = [
      { name: "http", port: 8080 },
      { name: "dns", port: 53, protocol: "UDP" },
    ];
    expect(problemsOf(withService({ image: "ghcr.io/acme/web:1", ports }))).to.deep.equal([]);
  });

  it("a secret in plain is refused with the command that encrypts it, and is not shown", () => {
    const problem = onlyProblemOf(withService({ secretEnv: { API_KEY: "hunter2" } }));
    expect(problem).to.contain('pulumi config set -s STACK --secret --path "services[0].secretEnv.API_KEY"');
    expect(problem).not.to.contain("hunter2");
  });

  it("an encrypted value is refused everywhere but in secretEnv", () => {
    expect(onlyProblemOf(withService({ env: { A: { secure: "v1:x" } } }))).to.contain(
      "services[0].env.A: is encrypted: write it to secretEnv",
    );
    expect(onlyProblemOf(withService({ image: { secure: "v1:x" } }))).to.contain("is encrypted");
  });

  const refused: Record<string, [change: object, problem: RegExp]> = {
    "a port as text": [{ port: "8080" }, /^services\[0\]\.port: "8080" is text: write 8080/],
    "a port that there is not": [{ port: 70_000 }, /^services\[0\]\.port: /],
    "a port's name that Kubernetes refuses": [
      { ports: [{ name: "HTTP", port: 1 }] },
      /ports\[0\]\.name: "HTTP" is not a port's name/,
    ],
    "two ports of the same number": [
      {
        ports: [
          { name: "a", port: 1 },
          { name: "b", port: 1 },
        ],
      },
      /^services\[0\]\.ports\[1\]\.port: 1 is already the port of ports\[0\]/,
    ],
    "build and image": [{ build: ".", image: "a" }, /^services\[0\]\.image: both build and image/],
    "port and ports": [{ port: 1, ports: [] }, /^services\[0\]\.port: both port and ports/],
    "an unknown probe": [{ probes: "udp" }, /^services\[0\]\.probes: "udp" is not a probe: write .*tcp or none/],
    "an unknown key of a probe": [
      { probes: { liveness: { pth: "/" } } },
      /probes\.liveness\.pth: unknown key: did you mean "path"/,
    ],
    "a probe of a port that there is not": [
      { probes: { path: "/", port: 9 } },
      /probes\.port: 9 is not a port of the service: write 5000/,
    ],
    "a probe without a port": [{ ports: [], probes: "tcp" }, /probes: the service has no TCP port to ask/],
    "an ingress without HTTP": [
      { ports: [{ name: "redis", port: 6379, appProtocol: "redis" }], ingress: true },
      /ingress: no port speaks HTTP/,
    ],
    "a deadline while a container may still be starting": [
      { progressDeadlineSeconds: 60, probes: { startup: { withinSeconds: 60 } } },
      /progressDeadlineSeconds: 60 is too short, since the container may take 60 s to start/,
    ],
    "an amount that is none": [
      { resources: { memory: "1 GB" } },
      /resources\.memory: "1 GB" is not an amount of bytes/,
    ],
    "a limit below what is reserved": [
      { resources: { memory: "1Gi", limits: { memory: "512Mi" } } },
      /resources\.limits\.memory: 512Mi is below the 1Gi/,
    ],
    "a variable's name with a space": [{ env: { "A B": 1 } }, /env\["A B"\]: "A B" is not an environment variable/],
    "a variable that is secret and not": [
      { env: { A: 1 }, secretEnv: { A: { secure: "x" } } },
      /secretEnv\.A: A is in env, too/,
    ],
    "a host to call": [{ egress: [{ to: "db.example.com" }] }, /egress\[0\]\.to: "db.example.com" is not an address/],
    "a relative path": [{ writable: ["tmp"] }, /writable\[0\]: "tmp" is not an absolute path/],
    "root under restricted": [{ runAsUser: 0 }, /runAsUser: 0 is root, which "restricted" refuses/],
    "an unknown standard": [{ security: "privileged" }, /security: "privileged" is not known here/],
  };
  for (const [what, [change, problem]] of Object.entries(refused)) {
    it(`a service with ${what} is refused`, () => expect(onlyProblemOf(withService(change))).to.match(problem));
  }
});
