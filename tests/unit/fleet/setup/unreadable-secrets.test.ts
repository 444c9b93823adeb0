import { expect } from "chai";
import { localPassphrase } from "../../../../fleet/setup/local-backend.ts";
import { unreadableSecrets } from "../../../../fleet/setup/unreadable-secrets.ts";

/** A salt that Pulumi made, and in it a word that it encrypted with the same key. */
const salt = "v1:SWd7nh21/5E=:v1:gqVX11jh208Gqefp:2KzObOrR7xeIid5a/aGTSqGSb751GA==";
const readable = salt.split(":").slice(2).join(":");
const other = "v1:gqVX11jh208Gqefp:AAAAOrR7xeIid5a/aGTSqGSb751GA==";

const fileWith = (secure: string, rest = `encryptionsalt: ${salt}\n`) => `config:
  identity:services:
    - { name: a }
    - name: b
      secretEnv: { API_KEY: { secure: "${secure}" } }
${rest}`;

const right = { passphrase: localPassphrase, from: "PULUMI_CONFIG_PASSPHRASE" };

describe("unreadableSecrets", () => {
  it("secrets that the passphrase decrypts are no problem", async () => {
    expect(await unreadableSecrets("shop", fileWith(readable), right)).to.deep.equal([]);
  });

  it("a file that has lost its salt is told, since Pulumi would make another one", async () => {
    const [message] = await unreadableSecrets("shop", fileWith(readable, ""), right);
    expect(message).to.match(
      /^Pulumi\.shop\.yaml: identity:services\[1\]\.secretEnv\.API_KEY can't be .* its encryptionsalt/,
    );
  });

  it("a passphrase that is not the secrets' is told with the file, their keys, where it is from, and the way out", async () => {
    const wrong = { passphrase: "mine", from: "/home/me/passphrase" };
    const [message, ...more] = await unreadableSecrets("shop", fileWith(readable), wrong);
    expect(more).to.deep.equal([]);
    expect(message).to.match(
      /^Pulumi\.shop\.yaml: identity:services\[1\]\.secretEnv\.API_KEY can't be decrypted: the passphrase in \/home\/me\/passphrase is not/,
    );
    expect(message).to.include("Set PULUMI_CONFIG_PASSPHRASE to the right one");
  });

  it("one secret that was encrypted for another stack is told with its key, and the command that sets it", async () => {
    const expected =
      "Pulumi.shop.yaml: identity:services[1].secretEnv.API_KEY can't be decrypted: it is damaged, or was encrypted for " +
      'another stack. Set it again, in a shell after eval "$(npm run -s env)": ' +
      "pulumi config set -s shop --secret --path 'identity:services[1].secretEnv.API_KEY'";
    expect(await unreadableSecrets("shop", fileWith(other), right)).to.deep.equal([expected]);
  });

  it("secrets of another provider, and files without any, are left to Pulumi", async () => {
    const cloud = fileWith(other, "secretsprovider: awskms://alias/x\n");
    for (const text of [cloud, "", "config: {}\n"]) {
      expect(await unreadableSecrets("shop", text, right)).to.deep.equal([]);
    }
  });
});
