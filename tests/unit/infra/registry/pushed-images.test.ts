import { expect } from "chai";
import { ownReferences } from "../../../../infra/registry/pushed-images.ts";

const repository = "localhost:5081/identity";
const name = (id: string, tag: string, digest = `sha256:${id}`) => ({ id, repository, tag, digest });

describe("ownReferences", () => {
  it("ownReferences are our tag and the digests, also of images that have lost the tag to a newer one", () => {
    expect(ownReferences([name("b", "latest"), name("a", "<none>")])).to.deep.equal([
      `${repository}:latest`,
      `${repository}@sha256:b`,
      `${repository}@sha256:a`,
    ]);
  });

  it("ownReferences leave alone what others tagged in our repository, with its digest", () => {
    expect(ownReferences([name("a", "dev"), name("b", "latest")])).to.deep.equal([
      `${repository}:latest`,
      `${repository}@sha256:b`,
    ]);
  });

  it("ownReferences take only our tag from an image that others tagged, too", () => {
    expect(ownReferences([name("a", "dev"), name("a", "latest")])).to.deep.equal([`${repository}:latest`]);
  });

  it("ownReferences of an image that was never pushed are its tag alone", () => {
    expect(ownReferences([name("a", "latest", "<none>")])).to.deep.equal([`${repository}:latest`]);
  });
});
