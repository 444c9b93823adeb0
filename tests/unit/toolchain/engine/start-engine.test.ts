import { expect } from "chai";
import { engineArguments } from "../../../../toolchain/engine/start-engine.ts";

describe("engineArguments", () => {
  // The engine's configuration file belongs to the user.
  it("the Docker engine gets our OCI runtime by its arguments, and none without one", () => {
    expect(engineArguments("/x/oci-runtime")).to.deep.equal([
      "--add-runtime",
      "bounded=/x/oci-runtime",
      "--default-runtime",
      "bounded",
    ]);
    expect(engineArguments(undefined)).to.deep.equal([]);
  });
});
