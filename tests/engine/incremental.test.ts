import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { explainTask, StoreError, type Plan } from "@exp-lab/runner";
import { createBench, program, type Bench } from "./run-program.ts";

const withTwo = program
  .replace("head near", "backbone two = scale { factor: 2 }\nhead near")
  .replace("[one]", "[one, two]");

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => {
  bench.close();
});

describe("a rerun", () => {
  it("computes nothing where nothing changed, and gives the same table", async () => {
    const first = await bench.run(program);
    expect(first.summary).toMatchObject({ failed: 0, cached: 0, forwardPasses: 20 });
    const second = await bench.run(program);
    expect(second.summary).toMatchObject({ computed: 0, cached: first.summary.tasks, forwardPasses: 0 });
    expect([...bench.counts.calls.values()]).toEqual([]);
    expect(second.text).toBe(first.text);
  });

  it("computes nothing after changes of comments, order, names and parameters that cannot change an answer", async () => {
    const first = await bench.run(program);
    const cosmetic = program
      .replaceAll("backbone one", "backbone renamed")
      .replace("[one]", "[renamed]")
      .replace("factor: 1 ", "workers: 7 ")
      .replace("head near", "// a comment\n\nhead near")
      .replace("[near, logit]", "[logit, near]")
      .replace('"All"', '"Another title"');
    const second = await bench.run(cosmetic);
    expect(second.summary).toMatchObject({ computed: 0, cached: first.summary.tasks });
  });

  it("computes a second backbone's tasks alone, and the plan says so before", async () => {
    await bench.run(program);
    const plan = await bench.plan(withTwo);
    const toRun = plan.tasks.filter(({ status }) => status === "miss");
    expect(toRun.every(({ task }) => task.label.includes("two"))).toBe(true);
    expect(examplesOf(plan)).toEqual([
      { hit: 0, miss: 12 },
      { hit: 0, miss: 8 },
    ]);

    const second = await bench.run(withTwo);
    const worked = [...second.outcomes].filter(([, found]) => found.outcome !== "cached" || found.reason !== "stored");
    expect(worked.map(([id]) => id).sort()).toEqual(toRun.map(({ task }) => task.id).sort());
    expect(second.summary.forwardPasses).toBe(20);
  });

  it("passes only the new images through a backbone when a data set grows, and refits nothing", async () => {
    await bench.run(program);
    bench.write("points.txt", `${readPoints()}\ntest 1 1.01 0.01\ntest 0 0.01 1.01`);
    const plan = await bench.plan(program);
    expect(plan.summary.hits).toBeLessThan(plan.summary.tasks);
    const second = await bench.run(program);
    expect(second.summary).toMatchObject({ forwardPasses: 2, failed: 0 });
    expect(bench.counts.calls.get("logistic")).toBeUndefined();
    expect(bench.counts.calls.get("predict")).toBe(1);
    expect(second.tables[0]?.cells[0]?.nTest).toBe(10);
  });

  it("stops where an upstream that ran again gave the same bytes", async () => {
    await bench.run(program);
    const turned = program.replace("factor: 1 ", "factor: -1 ");
    const plan = await bench.plan(turned);
    const status = new Map(plan.tasks.map(({ task, status }) => [task.label, status]));
    expect([...status].filter(([, found]) => found === "miss").map(([label]) => label)).toEqual(["scale · one"]);
    expect(plan.summary.maybes).toBeGreaterThan(0);

    const second = await bench.run(turned);
    expect(second.summary).toMatchObject({ computed: 1, forwardPasses: 0 });
    const reasons = [...second.outcomes.values()].flatMap((found) =>
      found.outcome === "cached" ? [found.reason] : [],
    );
    expect(reasons).toContain("same-bytes");

    const third = await bench.run(turned);
    expect(third.summary).toMatchObject({ computed: 0, cached: second.summary.tasks });
  });

  it("uses one image's row for every data set, split and file that holds it", async () => {
    await bench.run(program);
    bench.write("copy.txt", readPoints().replaceAll("test ", "train "));
    const other = program.replace("points.txt", "copy.txt").replaceAll("test.auroc", "val.auroc");
    const second = await bench.run(other);
    expect(second.summary).toMatchObject({ forwardPasses: 2, failed: 0 });
  });
});

describe("an image that occurs twice in a split", () => {
  it("passes the backbone once, and is not taken for stored on the first run", async () => {
    bench.write("points.txt", `${readPoints()}\ntest 1 0.95 0.35`);
    const started: unknown[] = [];
    const first = await bench.run(program, undefined, (event) => {
      if (event.event === "task.started" && event.examples !== undefined) started.push(event.examples);
    });
    expect(started).toEqual([
      { missing: 12, total: 12 },
      { missing: 8, total: 8 },
    ]);
    expect(first.summary.forwardPasses).toBe(20);
    expect(first.tables[0]?.cells[0]?.nTest).toBe(9);
  });
});

describe("a store that can no longer be written", () => {
  it("ends the run with its message, keeps what was finished, and the next run goes on to the same table", async () => {
    const undisturbed = createBench();
    const whole = await undisturbed.run(withTwo);
    undisturbed.close();

    let saved = 0;
    const full = createBench({
      ...bench.store,
      saveAnswer: (answer) => {
        saved += 1;
        if (saved > 6) throw new StoreError("store-full", "There is no space left.", "Free some space.");
        return bench.store.saveAnswer(answer);
      },
    });
    const events: string[] = [];
    const run = full.run(withTwo, undefined, (event) => events.push(event.event));
    await expect(run).rejects.toMatchObject({ code: "store-full" });
    expect(events.at(-1)).toBe("run.finished");

    const second = await bench.run(withTwo);
    expect(second.summary).toMatchObject({ failed: 0 });
    expect(second.summary.cached).toBeGreaterThanOrEqual(6);
    expect(second.text).toBe(whole.text);
  });
});

describe("a failure", () => {
  it("costs the image that caused it and what hangs on it, and nothing else", async () => {
    bench.counts.brokenImage = "0.8 0.5";
    const first = await bench.run(
      withTwo.replace("[one, two]", "[one]").replace("test.auroc", "test.auroc, val.auroc"),
    );
    expect(first.summary).toMatchObject({ failed: 1, cancelled: 0 });
    expect(first.summary.skipped).toBeGreaterThan(0);
    const failed = [...first.outcomes.values()].find(({ outcome }) => outcome === "failed");
    expect(failed).toMatchObject({ failure: { code: "image-damaged", message: "line 17 is damaged." } });
    const marks = first.tables[0]?.cells.map(({ metric, mean, failed: count }) => [metric, mean === null, count]);
    expect(marks).toContainEqual(["test.auroc", true, 1]);
    expect(marks).toContainEqual(["val.auroc", false, 0]);

    bench.counts.brokenImage = null;
    const second = await bench.run(program);
    expect(second.summary).toMatchObject({ failed: 0, skipped: 0, forwardPasses: 1 });
  });
});

describe("a run that is stopped", () => {
  it("keeps what was finished, and the next one goes on to the same table", async () => {
    const undisturbed = createBench();
    const whole = await undisturbed.run(withTwo);
    undisturbed.close();

    const stop = new AbortController();
    const stopped = await bench.run(withTwo, stop.signal, (event) => {
      if (event.event === "task.progress" && event.done >= 4) stop.abort();
    });
    expect(stopped.summary.cancelled).toBeGreaterThan(0);
    expect(stopped.summary.failed).toBe(0);
    const done = stopped.summary.forwardPasses;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(40);

    const second = await bench.run(withTwo);
    expect(second.summary.forwardPasses).toBe(40 - done);
    expect(second.text).toBe(whole.text);
  });
});

describe("why", () => {
  it("names field, old and new value, and line of a task that ran again", async () => {
    await bench.run(program);
    const changed = program.replace("factor: 1 ", "factor: 3 ");
    const before = await bench.plan(changed);
    const explained = explain(before, "auroc · near · one · points · test");
    expect(explained).toMatchObject({
      kind: "changed",
      changes: [{ field: "factor", before: "1", now: "3", origin: { line: 3 } }],
    });
    await bench.run(changed);
    const after = await bench.plan(changed);
    expect(explain(after, "auroc · near · one · points · test")).toMatchObject({
      kind: "stored",
      madeBy: { run: 2, program: "test.exp" },
      changes: [{ field: "factor", before: "1", now: "3" }],
    });
  });

  it("names the file whose contents changed", async () => {
    await bench.run(program);
    bench.write("points.txt", `${readPoints()}\ntest 1 1.01 0.01`);
    const explained = explain(await bench.plan(program), "logistic · logit · one · points");
    expect(explained).toMatchObject({ kind: "changed", changes: [{ field: "contents of file", origin: { line: 2 } }] });
  });

  it("knows the history of a program whose answers another one made", async () => {
    await bench.run(program);
    await bench.run(program, undefined, undefined, "other.exp");
    const changed = program.replace("factor: 1 ", "factor: 3 ");
    const plan = await bench.plan(changed);
    expect(explain(plan, "scale · one", "other.exp")).toMatchObject({
      kind: "changed",
      changes: [{ field: "factor" }],
    });
  });

  it("does not take a later question for the reason of an earlier answer", async () => {
    await bench.run(program);
    await bench.run(program.replace("factor: 1 ", "factor: 3 "));
    await bench.run(program);
    expect(explain(await bench.plan(program), "scale · one")).toMatchObject({ kind: "stored", changes: [] });
  });

  it("says when nothing of the name was ever asked", async () => {
    expect(explain(await bench.plan(program), "scale · one")).toEqual({ kind: "new" });
  });

  function explain(plan: Plan, label: string, name = "test.exp"): ReturnType<typeof explainTask> {
    const byId = new Map(plan.tasks.map((planned) => [planned.task.id, planned]));
    const planned = plan.tasks.find(({ task }) => task.label === label);
    if (planned === undefined)
      throw new Error(`No "${label}" in: ${plan.tasks.map(({ task }) => task.label).join("; ")}`);
    return explainTask(planned, byId, bench.store, name);
  }
});

function examplesOf(plan: Plan): readonly unknown[] {
  return plan.tasks.flatMap(({ examples, status }) => (examples === null || status === "hit" ? [] : [examples]));
}

function readPoints(): string {
  return readFileSync(join(bench.folder, "points.txt"), "utf8");
}
