import { mkdtemp, rm, writeFile } from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  contradictionIn,
  engineProblem,
  isLoopback,
  lookAtRegistry,
  parametersOf,
} from "../../../../infra/existing/registry-access.ts";
import { pushProblem } from "../../../../infra/cluster-access.ts";
import { createCertificate } from "../../../support/certificate.ts";
import { setVariable } from "../../../support/environment-variable.ts";
import { parse, validConfig } from "../../../support/stack-configs.ts";

const far = { host: "registry.example.com/acme" };
const login = { user: "deploy", password: { secure: "geheim" } };
const expected = `Basic ${Buffer.from("deploy:geheim").toString("base64")}`;

describe("a registry, before anything is pushed there", () => {
  const restores: (() => void)[] = [];
  const servers: http.Server[] = [];
  let folder: string;
  let certificate: { key: string; cert: string };

  /** Has the engine say something of an image that is not there. */
  const engineSays = async (said: string) => {
    await writeFile(join(folder, "docker"), `#!/bin/sh\necho '${said}' >&2\nexit 1\n`, { mode: 0o755 });
  };
  const listening = async (server: http.Server) => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const basicRegistry: http.RequestListener = ({ headers }, response) => {
    const status = headers.authorization === expected ? 200 : 401;
    response.writeHead(status, { "www-authenticate": 'Basic realm="test"' }).end();
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "registry-access-"));
    certificate = await createCertificate("registry.example.com");
    restores.push(setVariable("PATH", `${folder}:${process.env.PATH}`), setVariable("DOCKER_CONFIG", folder));
  });
  beforeEach(() => engineSays("manifest unknown"));
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  after(async () => {
    for (const restore of restores) restore();
    await rm(folder, { recursive: true, force: true });
  });

  it("one with TLS by an authority that is written, and a user that it accepts, is right", async () => {
    const host = `${await listening(https.createServer(certificate, basicRegistry))}/acme`;
    expect(await lookAtRegistry({ host, ...login, caCertificate: certificate.cert })).to.deep.equal({});
  });

  it("another authority than the certificate's is told", async () => {
    const host = await listening(https.createServer(certificate, basicRegistry));
    const { cert: caCertificate } = await createCertificate("registry.example.com");
    const { problem } = await lookAtRegistry({ host, ...login, caCertificate });
    expect(problem).to.contain(`caCertificate is not what the certificate of the registry ${host} can be verified by`);
  });

  it("a password that it does not accept is told, and not shown", async () => {
    const host = await listening(https.createServer(certificate, basicRegistry));
    const { problem } = await lookAtRegistry({ host, user: "deploy", password: { secure: "other" } });
    expect(problem).to.equal(
      `the registry ${host} does not accept the user "deploy" with the password that is written`,
    );
  });

  it("a lack of docker's login is told with the command, and one that it accepts is right", async () => {
    const host = await listening(https.createServer(certificate, basicRegistry));
    expect((await lookAtRegistry({ host })).problem).to.contain(`docker login ${host}`);
    const { cluster } = parse({ ...validConfig, cluster: { context: "eu", registry: { host, ...login } } });
    expect(await pushProblem(cluster), "whoever pushes for up").to.contain(`docker login ${host}`);
    const auth = expected.replace("Basic ", "");
    await writeFile(join(folder, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }));
    expect(await lookAtRegistry({ host })).to.deep.equal({});
    await rm(join(folder, "config.json"));
  });

  it("one that gives tokens is asked for one that lets the stack's images be pushed", async () => {
    const asked: string[] = [];
    const answer: http.RequestListener = ({ url = "", headers: { host, authorization } }, response) => {
      asked.push(url);
      const isRight = url.startsWith("/token") && authorization === expected;
      const challenge = `Bearer realm="https://${host}/token",service="registry"`;
      response.writeHead(isRight ? 200 : 401, { "www-authenticate": challenge }).end();
    };
    const host = `${await listening(https.createServer(certificate, answer))}/acme`;
    expect(await lookAtRegistry({ host, ...login })).to.deep.equal({});
    expect(decodeURIComponent(asked[1]!)).to.equal("/token?service=registry&scope=repository:acme/identity:pull,push");
    const { problem } = await lookAtRegistry({ host, user: "deploy", password: { secure: "other" } });
    expect(problem).to.contain("does not accept the user");
  });

  it("plain HTTP is asked by plain HTTP where that is said", async () => {
    const host = await listening(http.createServer(basicRegistry));
    expect(await lookAtRegistry({ host, ...login, plainHttp: true })).to.deep.equal({});
    const { problem } = await lookAtRegistry({
      host,
      user: "deploy",
      password: { secure: "other" },
      plainHttp: true,
    });
    expect(problem).to.contain("does not accept the user");
  });

  it("one that neither we nor the engine can reach is a warning, since images may be there already", async () => {
    const said = "Error response from daemon: dial tcp 127.0.0.1:1: connect: connection refused";
    await engineSays(said);
    expect(await lookAtRegistry({ host: "127.0.0.1:1" })).to.deep.equal({
      warning: `the Docker engine can't reach the registry 127.0.0.1:1 now: ${said}`,
    });
  });
});

describe("contradictionIn", () => {
  const plain = { failure: "plain", message: "wrong version number" } as const;

  it("plain HTTP has to be said, but for what stays on this machine", () => {
    expect(contradictionIn(far, plain))
      .to.contain("registry.example.com speaks plain HTTP")
      .and.to.contain("write plainHttp: true");
    expect(contradictionIn({ host: "localhost:5000" }, plain)).to.equal(undefined);
  });

  it("TLS where plain HTTP is said is told", () => {
    const answer = { status: 400, challenge: "" };
    expect(contradictionIn({ ...far, plainHttp: true }, answer)).to.contain("leave plainHttp out");
    expect(contradictionIn(far, answer)).to.equal(undefined);
  });

  it("a certificate that only the engine may know is not judged by us", () => {
    const untrusted = { failure: "untrusted", message: "self-signed certificate" } as const;
    expect(contradictionIn(far, untrusted)).to.equal(undefined);
    expect(contradictionIn({ ...far, caCertificate: "…" }, untrusted)).to.contain("(self-signed certificate)");
  });
});

describe("engineProblem", () => {
  it("an authority that the engine does not know is told with the file to write", () => {
    const said =
      'Error response from daemon: Get "https://registry.example.com/v2/": tls: failed to verify certificate: x509: ' +
      "certificate signed by unknown authority";
    expect(engineProblem({ ...far, caCertificate: "…" }, said)).to.contain(
      "write what caCertificate says to /etc/docker/certs.d/registry.example.com/ca.crt",
    );
    expect(engineProblem(far, said)).to.contain("write that authority's certificate to /etc/docker/certs.d/");
  });

  it("plain HTTP that the engine does not speak is told with its setting", () => {
    const said =
      'Error response from daemon: Get "https://10.0.0.7:5000/v2/": http: server gave HTTP response to HTTPS client';
    expect(engineProblem({ host: "10.0.0.7:5000", plainHttp: true }, said)).to.contain(
      '"insecure-registries": ["10.0.0.7:5000"]',
    );
  });

  it("an image that is not there, a lack of login and no engine are no problem of the engine's", () => {
    for (const said of ["manifest unknown", "no basic auth credentials", undefined]) {
      expect(engineProblem(far, said), said).to.equal(undefined);
    }
  });
});

describe("isLoopback", () => {
  it("only this machine is", () => {
    for (const server of ["localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000"]) {
      expect(isLoopback(server), server).to.equal(true);
    }
    for (const server of ["localhost.example.com", "128.0.0.1", "registry.example.com:127"]) {
      expect(isLoopback(server), server).to.equal(false);
    }
  });
});

describe("parametersOf", () => {
  it("the parameters of a challenge are read, with commas in them", () => {
    expect(
      parametersOf('Bearer realm="https://a.example/token",service="a",scope="repository:x:pull,push"'),
    ).to.deep.equal({ realm: "https://a.example/token", service: "a", scope: "repository:x:pull,push" });
  });
});
