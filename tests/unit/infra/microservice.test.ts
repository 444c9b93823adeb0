import { expect } from "chai";
import { drainSeconds } from "../../../infra/microservice.ts";
import { readSettings } from "../../../service/src/settings.ts";

describe("drainSeconds", () => {
  it("a service's container gets longer to finish its requests than the service itself takes", () => {
    expect(drainSeconds).to.be.above(readSettings({}).drainTimeoutSeconds);
  });
});
