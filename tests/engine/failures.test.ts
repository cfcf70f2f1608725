import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OpError, type Op, type OpContext, type PerExampleOp, type SingleOp } from "@exp-lab/ops";
import type { RunEvent } from "@exp-lab/runner";
import { createBench, program, type Bench } from "./run-program.ts";

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => {
  bench.close();
});

function opOf<Shape extends Op["shape"]>(name: string, shape: Shape): Extract<Op, { shape: Shape }> {
  const op = bench.ops.get(name);
  if (op?.shape !== shape) throw new Error(`"${name}" is no such op.`);
  return op as Extract<Op, { shape: Shape }>;
}

describe("memory that a batch does not fit into", () => {
  /** The backbone, on a machine that holds so many examples at a time. */
  const extractWithRoomFor = (most: number): PerExampleOp => {
    const extract = opOf("extract", "per example");
    return {
      ...extract,
      open: async (context) => {
        const opened = await extract.open(context);
        return {
          ...opened,
          batchSize: 8,
          extract: (batch) => {
            if (batch.examples.length > most) throw new OpError("out-of-memory", "It is too much.", null);
            return opened.extract(batch);
          },
        };
      },
    };
  };

  it("makes batches smaller until they fit, says so, and comes to the same table", async () => {
    const usual = await bench.run(program);
    const small = createBench();
    small.ops.set("extract", extractWithRoomFor(3));
    const sizes: (number | undefined)[] = [];
    const run = await small.run(program, undefined, (event) => {
      if (event.event === "task.retried") sizes.push(event.batchSize);
    });
    small.close();
    expect(run.summary).toMatchObject({ failed: 0, forwardPasses: 20 });
    expect(run.text).toBe(usual.text);
    expect([...new Set(sizes)]).toEqual([4, 2]);
  });

  it("is a failure where not even one example fits", async () => {
    bench.ops.set("extract", extractWithRoomFor(0));
    const { summary, outcomes } = await bench.run(program);
    expect(summary).toMatchObject({ failed: 2, forwardPasses: 0 });
    const failed = [...outcomes.values()].filter(({ outcome }) => outcome === "failed");
    expect(failed[0]).toMatchObject({ failure: { code: "out-of-memory" } });
  });
});

describe("a thread that is lost", () => {
  const losing = (times: number): SingleOp => {
    const knn = opOf("knn", "single");
    let lost = 0;
    return {
      ...knn,
      run: (context) => {
        lost += 1;
        if (lost <= times) throw new OpError("worker-lost", "It ended.", null);
        return knn.run(context);
      },
    };
  };

  it("is tried once more", async () => {
    bench.ops.set("knn", losing(1));
    const causes: string[] = [];
    const { summary } = await bench.run(program, undefined, (event) => {
      if (event.event === "task.retried") causes.push(event.cause);
    });
    expect(summary.failed).toBe(0);
    expect(causes).toEqual(["worker-lost"]);
  });

  it("fails its task the second time", async () => {
    bench.ops.set("knn", losing(2));
    expect((await bench.run(program)).summary.failed).toBe(1);
  });
});

describe("when a task fails", () => {
  const breakKnn = (): void => {
    const knn = opOf("knn", "single");
    bench.ops.set("knn", { ...knn, run: () => Promise.reject(new OpError("broken", "It is broken.", null)) });
  };
  const startedAfterFailure = async (onFailure: "continue" | "finish" | "stop"): Promise<readonly string[]> => {
    const events: RunEvent[] = [];
    const { summary } = await bench.run(program, undefined, (event) => events.push(event), "test.exp", { onFailure });
    expect(summary.failed).toBe(1);
    const failed = events.findIndex((event) => event.event === "task.finished" && event.outcome === "failed");
    return events.slice(failed).flatMap((event) => (event.event === "task.started" ? [event.op] : []));
  };

  it("everything goes on that does not hang on it, unless it is said otherwise", async () => {
    breakKnn();
    expect(await startedAfterFailure("continue")).toContain("logistic");
    bench.ops.set("knn", createBench().ops.get("knn")!);
    expect((await bench.run(program)).summary).toMatchObject({ failed: 0, forwardPasses: 0 });
  });

  it.each(["finish", "stop"] as const)("nothing more begins with `%s`, and the next run goes on", async (mode) => {
    breakKnn();
    expect(await startedAfterFailure(mode)).toEqual([]);
    const { summary } = await bench.run(program);
    expect(summary.cached).toBeGreaterThan(0);
  });
});

it("a task that takes longer than it may fails alone, and says what it was given", async () => {
  const knn = opOf("knn", "single");
  bench.ops.set("knn", {
    ...knn,
    run: async (context: OpContext) => {
      await delay(60_000, undefined, { signal: context.signal });
      return knn.run(context);
    },
  });
  const { summary, outcomes } = await bench.run(program, undefined, undefined, "test.exp", { taskSeconds: 0.2 });
  expect(summary.failed).toBe(1);
  expect(summary.computed).toBeGreaterThan(4);
  const failed = [...outcomes.values()].find(({ outcome }) => outcome === "failed");
  expect(failed).toMatchObject({
    failure: { code: "time-limit", message: "It took longer than 0.2 s, the time that a task may take." },
  });
});
