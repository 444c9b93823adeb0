import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Coalescer } from "../../../../fleet/dev/coalescer.ts";

describe("dev/coalescer", () => {
  const runs: string[][] = [];
  let workMilliseconds: number;
  let running = 0;
  let most = 0;
  const make = () =>
    new Coalescer(async (saves) => {
      most = Math.max(most, ++running);
      runs.push(saves.map(({ path }) => path));
      await sleep(workMilliseconds);
      running--;
    }, 20);
  const save = (path: string) => ({ path, at: 0 });

  beforeEach(() => {
    runs.length = 0;
    most = 0;
    workMilliseconds = 0;
  });

  it("makes one run of several saves shortly after one another", async () => {
    const coalescer = make();
    coalescer.add(save("a"));
    await sleep(5);
    coalescer.add(save("b"));
    coalescer.add(save("a"));
    await coalescer.idle();
    expect(runs).to.deep.equal([["a", "b", "a"]]);
  });

  it("makes another run of what was saved during one, after it", async () => {
    workMilliseconds = 100;
    const coalescer = make();
    coalescer.add(save("a"));
    await sleep(60);
    coalescer.add(save("b"));
    coalescer.add(save("c"));
    await coalescer.idle();
    expect(runs).to.deep.equal([["a"], ["b", "c"]]);
    expect(most).to.equal(1);
  });

  it("goes on after it was idle", async () => {
    const coalescer = make();
    coalescer.add(save("a"));
    await coalescer.idle();
    await coalescer.idle();
    coalescer.add(save("b"));
    await coalescer.idle();
    expect(runs).to.deep.equal([["a"], ["b"]]);
  });
});
