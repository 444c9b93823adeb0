import { expect } from "chai";
import { firstFileOfTar, parseMark } from "../../../../infra/kind/cluster-state.ts";

/** An archive as `docker cp CONTAINER:FILE -` prints it: header, content and padding in blocks of 512 bytes. */
function tarOf(content: string): string {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write("owner.json", 0);
  header.write(bytes.length.toString(8).padStart(11, "0"), 124);
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
  return Buffer.concat([header, bytes, padding, Buffer.alloc(1024)]).toString();
}

describe("the mark on a node", () => {
  it("firstFileOfTar returns the file's content, whatever letters it holds", () => {
    for (const content of ['{"folder":"/home/zoë/日本"}', "x".repeat(512), ""]) {
      expect(firstFileOfTar(tarOf(content))).to.equal(content);
    }
  });

  it("parseMark reads the mark of this version, and of earlier ones", () => {
    const spec = { name: "qa2", image: "i", httpPort: 81, workers: 0 };
    const former = { owner: "identity/staging", spec };
    expect(parseMark(JSON.stringify(former))?.owner).to.deep.equal({ project: "identity", stack: "staging" });
    const facts = { fleet: "f1", project: "identity", stack: "staging", folder: "/a", user: "u", machine: "m" };
    expect(parseMark(JSON.stringify({ ...facts, ...former }))).to.deep.equal({ owner: facts, spec });
  });

  it("parseMark takes a file that was cut short for none", () => {
    for (const text of ["", '{"owner":"ide', "{}"]) expect(parseMark(text)).to.equal(undefined);
  });
});
