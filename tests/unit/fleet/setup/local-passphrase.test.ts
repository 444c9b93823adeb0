import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { localPassphrase } from "../../../../fleet/setup/local-backend.ts";
import { readLocalPassphrase, refusePublicSecrets } from "../../../../fleet/setup/local-passphrase.ts";

describe("readLocalPassphrase", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "state-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("a new state gets a passphrase of its own, which only its user may read, and keeps it", async () => {
    const [one, other] = await Promise.all([
      readLocalPassphrase(new Map(), { folder }),
      readLocalPassphrase(new Map(), { folder }),
    ]);
    expect(one).to.match(/^[\w-]{32}$/);
    expect(other).to.equal(one);
    await mkdir(join(folder, ".pulumi"));
    expect(await readLocalPassphrase(new Map(), { folder })).to.equal(one);
    expect((await stat(join(folder, "passphrase"))).mode & 0o777).to.equal(0o600);
  });

  it("a state of an earlier version, and a stack file with its salt, go on with the public passphrase", async () => {
    const files = new Map([
      ["Pulumi.a.yaml", "encryptionsalt: v1:SWd7nh21/5E=:v1:gqVX11jh208Gqefp:2KzObOrR7xeIid5a/aGTSqGSb751GA==\n"],
    ]);
    expect(await readLocalPassphrase(files, { folder })).to.equal(localPassphrase);
    await mkdir(join(folder, ".pulumi"));
    expect(await readLocalPassphrase(new Map(), { folder })).to.equal(localPassphrase);
  });
});

describe("refusePublicSecrets", () => {
  const files = new Map([
    ["Pulumi.a.yaml", "KEY: { secure: v1:x }"],
    ["Pulumi.b.yaml", "config: {}"],
  ]);

  it("secrets that were encrypted with the public passphrase are refused, with the way to another one", () => {
    expect(() => refusePublicSecrets(files, localPassphrase)).to.throw(/^Pulumi\.a\.yaml: .*change-secrets-provider/s);
  });

  it("secrets are accepted with any other passphrase, and files without secrets with the public one", () => {
    expect(() => refusePublicSecrets(files, "own")).not.to.throw();
    expect(() => refusePublicSecrets(files, undefined)).not.to.throw();
    expect(() => refusePublicSecrets(new Map([["Pulumi.b.yaml", "config: {}"]]), localPassphrase)).not.to.throw();
  });
});
