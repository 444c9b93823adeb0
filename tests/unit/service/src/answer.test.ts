import { expect } from "chai";
import { startTestService } from "../../../support/test-service.ts";

describe("answerText", () => {
  it("an answer's Content-Length is counted in bytes, so a name beyond ASCII is not cut", async () => {
    const service = await startTestService({ name: "идентичность" });
    try {
      expect((await service.call("/cluster")).body).to.equal("This is идентичность in cluster staging");
    } finally {
      await service.drain();
    }
  });

  it("an answer with markup in the service's name is still plain text", async () => {
    const service = await startTestService({ name: "<b>" });
    try {
      expect((await service.call("/cluster")).headers["content-type"]).to.equal("text/plain; charset=utf-8");
    } finally {
      await service.drain();
    }
  });
});
