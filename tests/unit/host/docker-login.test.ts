import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { dockerLogin, loginIn } from "../../../host/docker-login.ts";
import { setVariable } from "../../support/environment-variable.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

const auth = Buffer.from("me:se:cret").toString("base64");

describe("loginIn", () => {
  it("a login is found under its registry's name, or that as a URL", () => {
    const login = { user: "me", password: "se:cret" };
    for (const key of ["mirror:8443", "https://mirror:8443", "https://mirror:8443/"]) {
      expect(loginIn({ auths: { [key]: { auth } } }, "mirror:8443"), key).to.deep.equal(login);
    }
    expect(loginIn({ auths: { mirror: { username: "me", password: "x" } } }, "mirror")?.password).to.equal("x");
  });

  it("a token that only Docker's own login understands, another registry, and an odd file give no login", () => {
    expect(loginIn({ auths: { mirror: { auth, identitytoken: "t" } } }, "mirror")).to.equal(undefined);
    expect(loginIn({ auths: { other: { auth } } }, "mirror")).to.equal(undefined);
    for (const auths of [1, [], { mirror: 1 }, { mirror: {} }, { mirror: { auth: "bm8=" } }]) {
      expect(loginIn({ auths }, "mirror")).to.equal(undefined);
    }
  });
});

describe("dockerLogin", () => {
  const folder = useTemporaryFolder();
  const config = () => join(folder(), "config.json");

  it("a credential helper is asked for the registry, also where the file has a login", async () => {
    const helper = join(folder(), "docker-credential-mine");
    await writeFile(
      helper,
      `#!/bin/sh\nread -r server\n[ "$1 $server" = "get mirror" ] || { echo no; exit 1; }\n` +
        `echo '{"ServerURL":"mirror","Username":"me","Secret":"of the helper"}'\n`,
    );
    await chmod(helper, 0o755);
    const restore = setVariable("PATH", [folder(), process.env.PATH].join(delimiter));
    await writeFile(config(), JSON.stringify({ credsStore: "mine", auths: { mirror: { auth } } }));
    const found = [await dockerLogin("mirror", config()), await dockerLogin("other", config())];
    restore();
    expect(found).to.deep.equal([{ user: "me", password: "of the helper" }, undefined]);
  });

  it("a helper that is missing, and a file that is missing or damaged, give no login", async () => {
    expect(await dockerLogin("mirror", config())).to.equal(undefined);
    await writeFile(config(), "{");
    expect(await dockerLogin("mirror", config())).to.equal(undefined);
    await writeFile(config(), JSON.stringify({ credHelpers: { mirror: "that-nobody-has" } }));
    expect(await dockerLogin("mirror", config())).to.equal(undefined);
  });
});
