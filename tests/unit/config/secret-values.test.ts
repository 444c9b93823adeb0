import { expect } from "chai";
import { wrapSecrets } from "../../../config/secret-values.ts";

describe("wrapSecrets", () => {
  const env = (secretEnv: unknown) => ({ services: [{ name: "a", secretEnv }] });

  it("a decrypted variable has the form that the stack file has", () => {
    const file = env({ KEY: { secure: "v1:x" } });
    expect(wrapSecrets(env({ KEY: "text" }), file)).to.deep.equal(env({ KEY: { secure: "text" } }));
    expect(wrapSecrets(env({ KEY: "text" }), undefined)).to.deep.equal(env({ KEY: { secure: "text" } }));
  });

  it("a variable that the file has in plain stays as it is, to be refused", () => {
    const both = { KEY: { secure: "v1:x" }, OPEN: "plain" };
    expect(wrapSecrets(env({ KEY: "text", OPEN: "plain" }), env(both))).to.deep.equal(
      env({ KEY: { secure: "text" }, OPEN: "plain" }),
    );
  });

  it("a registry's password has the form that the stack file has, and stays as it is where the file has it in plain", () => {
    const cluster = (password: unknown) => ({
      cluster: { context: "prod", registry: { host: "r.example.com", password } },
    });
    const encrypted = cluster({ secure: "v1:x" });
    expect(wrapSecrets(cluster("text"), encrypted)).to.deep.equal(cluster({ secure: "text" }));
    expect(wrapSecrets(cluster("text"), cluster("text"))).to.deep.equal(cluster("text"));
  });

  it("a kubeconfig's text has the form that the stack file has, and a path stays a path", () => {
    const cluster = (kubeconfig: unknown) => ({ cluster: { context: "prod", kubeconfig } });
    const text = "apiVersion: v1\nkind: Config\n";
    const encrypted = cluster({ secure: "v1:x" });
    expect(wrapSecrets(cluster(text), encrypted)).to.deep.equal(cluster({ secure: text }));
    expect(wrapSecrets(cluster(text), undefined)).to.deep.equal(cluster({ secure: text }));
    expect(wrapSecrets(cluster(text), cluster(text))).to.deep.equal(cluster(text));
    expect(wrapSecrets(cluster("./eu.yaml"), cluster("./eu.yaml"))).to.deep.equal(cluster("./eu.yaml"));
    expect(wrapSecrets(cluster("./eu.yaml"), undefined)).to.deep.equal(cluster("./eu.yaml"));
  });

  it("whatever is no list, or no block, stays for the checks", () => {
    for (const raw of [{ services: 1 }, { services: [1, null] }, { defaults: "x" }]) {
      expect(wrapSecrets(raw, undefined)).to.deep.equal(raw);
    }
  });
});
