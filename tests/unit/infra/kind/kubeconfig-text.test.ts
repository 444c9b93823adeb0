import { expect } from "chai";
import { parse } from "yaml";
import {
  entriesOf,
  firstOf,
  KubeconfigTextError,
  leadToTheSame,
  mentions,
  withEntries,
  withoutContext,
} from "../../../../infra/kind/kubeconfig-text.ts";

const context = "kind-c";

/** As `kind get kubeconfig` prints it. */
const kinds = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${"QUJD".repeat(60)}
    server: https://127.0.0.1:40001
  name: kind-c
contexts:
- context:
    cluster: kind-c
    user: kind-c
  name: kind-c
current-context: kind-c
kind: Config
preferences: {}
users:
- name: kind-c
  user:
    client-key-data: RA==
`;

const users = `# mine
apiVersion: v1
kind: Config
clusters:
- name: prod # do not touch
  cluster: {server: "https://prod.example.com"}
contexts:
- name: prod
  context: {cluster: prod, user: prod}
users:
- name: prod
  user: {token: abc}
current-context: prod
`;

describe("the text of a kubeconfig", () => {
  const own = entriesOf(kinds, context);

  it("a context is added to the user's file without changing anything else, the current context included", () => {
    const text = withEntries(users, context, own);
    expect(text).to.contain("# mine").and.to.contain("# do not touch").and.to.contain("current-context: prod");
    expect(leadToTheSame(entriesOf(text, context), own)).to.equal(true);
    expect(withoutContext(text, context)).to.equal(withoutContext(users, context));
    expect(withoutContext(text, context)).to.equal(users);
  });

  it("a context of the same name is replaced, and stays one", () => {
    const old = withEntries(users, context, { ...own, users: { name: context, user: { token: "old" } } });
    const text = withEntries(old, context, own);
    expect(text).to.equal(withEntries(users, context, own));
  });

  it("a new file has what kubectl needs, no current context, and certificates on one line", () => {
    for (const empty of ["", "\n", "# mine\n"]) {
      const text = withEntries(empty, context, own);
      expect(parse(text))
        .to.deep.include({ apiVersion: "v1", kind: "Config" })
        .and.not.to.have.property("current-context");
      expect(text).to.contain("QUJD".repeat(60));
    }
  });

  it("a file whose lists are null, as kubectl writes empty ones, is filled, and one written as JSON, too", () => {
    for (const text of [
      "apiVersion: v1\nclusters: null\ncontexts: null\nusers: null\n",
      '{"clusters":[],"kind":"Config"}',
    ]) {
      expect(leadToTheSame(entriesOf(withEntries(text, context, own), context), own)).to.equal(true);
    }
  });

  it("a context that is removed is no longer the current one", () => {
    const text = withoutContext(kinds, context);
    expect(mentions(text, context)).to.equal(false);
    expect(parse(text)).to.deep.include({ clusters: [], contexts: [], users: [], "current-context": "" });
  });

  it("of several files, the first that has an entry counts", () => {
    const first = { clusters: { name: context, cluster: { server: "a" } } };
    expect(firstOf([first, own])).to.deep.equal({ ...own, ...first });
  });

  it("a text that is no kubeconfig is told as such", () => {
    for (const text of ["- 1\n", "a: [\n", "clusters: 1\n"]) {
      expect(() => withEntries(text, context, own)).to.throw(KubeconfigTextError);
    }
  });
});
