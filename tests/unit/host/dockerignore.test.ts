import { expect } from "chai";
import { dockerignore } from "../../../host/dockerignore.ts";

describe("dockerignore", () => {
  const ignored = (content: string, ...paths: string[]) => paths.filter(dockerignore(content));

  it("a name is left out at the top only, with all that is in it", () => {
    const paths = ["node_modules", "node_modules/a/b.js", "src/node_modules/a.js", "node_modules2"];
    expect(ignored("node_modules\n", ...paths)).to.deep.equal(["node_modules", "node_modules/a/b.js"]);
    expect(ignored("/node_modules/\n", ...paths)).to.deep.equal(["node_modules", "node_modules/a/b.js"]);
  });

  it("stars stand for a part of a name, and two for folders at any depth", () => {
    const paths = ["a.md", "docs/b.md", "docs/deep/c.md", "a.mdx"];
    expect(ignored("*.md", ...paths)).to.deep.equal(["a.md"]);
    expect(ignored("*/*.md", ...paths)).to.deep.equal(["docs/b.md"]);
    expect(ignored("**/*.md", ...paths)).to.deep.equal(["a.md", "docs/b.md", "docs/deep/c.md"]);
    expect(ignored("docs/**", ...paths)).to.deep.equal(["docs/b.md", "docs/deep/c.md"]);
    expect(ignored("?.md", ...paths)).to.deep.equal(["a.md"]);
  });

  it("the last rule that matches decides, so an exception brings a file back", () => {
    const rules = "# all but two\n*\n!server.js\n!src/*.ts\nsrc/secret.ts\n";
    const paths = ["Dockerfile", "server.js", "src/a.ts", "src/secret.ts"];
    expect(ignored(rules, ...paths)).to.deep.equal(["Dockerfile", "src/secret.ts"]);
  });

  it("characters that mean something in a regular expression stand for themselves", () => {
    expect(ignored("a+b(1).txt\n[ab].js\n", "a+b(1).txt", "aab1.txt", "a.js", "c.js")).to.deep.equal([
      "a+b(1).txt",
      "a.js",
    ]);
    expect(ignored("", "a")).to.deep.equal([]);
  });
});
