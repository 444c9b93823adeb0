import { expect } from "chai";
import { plain, typeOf } from "../../../../toolchain/docker-plugin/pulumi-values.ts";
import { pulumiSecret } from "../../../support/pulumi-secret.ts";

describe("plain", () => {
  it("plain unwraps secrets at any depth", () => {
    expect(plain([pulumiSecret({ deep: pulumiSecret(1) })])).to.deep.equal([{ deep: 1 }]);
  });
});

describe("typeOf", () => {
  it("typeOf returns the type of a component's child without the component's type", () => {
    expect(typeOf("urn:pulumi:s::p::a:b:C$docker:index/image:Image::x")).to.equal("docker:index/image:Image");
  });
});
