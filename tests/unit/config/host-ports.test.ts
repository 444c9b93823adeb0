import { expect } from "chai";
import { registryPort } from "../../../config/host-ports.ts";

describe("registryPort", () => {
  it("registryPort is 5000 above the cluster's httpPort", () => {
    expect(registryPort({ httpPort: 81 })).to.equal(5081);
  });
});
