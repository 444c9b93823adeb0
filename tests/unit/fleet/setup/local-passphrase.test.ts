import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
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
    const one = await readLocalPassphrase(new Map(), { folder });
    expect(one).to.match(/^[\w-]{32}$/);
    expect(await readdir(folder)).to.deep.equal(["passphrase"]);
    await mkdir(join(folder, ".pulumi"));
    expect(await readLocalPassphrase(new Map(), { folder })).to.equal(one);
    expect((await stat(join(folder, "passphrase"))).mode & 0o777).to.equal(0o600);
  });

  it("whoever asks while it is made gets the whole of it", async () => {
    const askAfter = async (turns: number): Promise<string | undefined> => {
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      return readLocalPassphrase(new Map(), { folder });
    };
    for (let round = 0; round < 300; round++) {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      const [one, ...others] = await Promise.all(Array.from({ length: 20 }, (_, turns) => askAfter(turns)));
      expect(one).to.match(/^[\w-]{32}$/);
      expect(new Set(others)).to.deep.equal(new Set([one]));
    }
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
