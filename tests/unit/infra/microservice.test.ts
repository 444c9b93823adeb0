import { expect } from "chai";
import { workloadOf } from "../../../config/workload.ts";
import { drainSeconds, rolloutLimits } from "../../../infra/microservice.ts";
import { readSettings } from "../../../service/src/settings.ts";
import { parse, withService } from "../../support/stack-configs.ts";

describe("drainSeconds", () => {
  it("a service's container gets longer to finish its requests than the service itself takes", () => {
    expect(drainSeconds).to.be.above(readSettings({}).drainTimeoutSeconds);
  });
});

describe("rolloutLimits", () => {
  const limitsOf = (change: object) => {
    const config = parse(withService(change));
    return rolloutLimits(config.services[0]!, workloadOf(config.services[0]!));
  };
  const limits = (progressDeadlineSeconds: number, create: string, update: string) => ({
    progressDeadlineSeconds,
    customTimeouts: { create, update },
  });

  it("a roll-out may take a little longer than a container's start, and Pulumi's limits are longer still", () => {
    expect(limitsOf({})).to.deep.equal(limits(75, "180s", "85s"));
    const probes = { startup: { withinSeconds: 200 } };
    expect(limitsOf({ probes })).to.deep.equal(limits(215, "225s", "225s"));
  });

  it("one that is written counts for both", () => {
    expect(limitsOf({ progressDeadlineSeconds: 600 })).to.deep.equal(limits(600, "610s", "610s"));
    expect(limitsOf({ progressDeadlineSeconds: 30, replicas: 4 })).to.deep.equal(limits(30, "180s", "50s"));
  });
});
