import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TaskGraph } from "@exp-lab/dsl";
import { choiceCodec, codecOf, decodeDocument, type FusedContext, type FusedOp } from "@exp-lab/ops";
import type { RunEvent } from "@exp-lab/runner";
import { createBench, type Bench } from "./run-program.ts";

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => {
  bench.close();
});

const heading = `exp 1
dataset points = lines { file: "points.txt" }
backbone one = scale { factor: 1 }
`;
const tail = `
sweep all { dataset: points  backbone: one  head: probe }
table "All" { from: all  rows: head  cells: test.auroc }
`;
const withHead = (head: string): string => `${heading}head probe = ${head}${tail}`;

const searched = withHead("linear { epochs: 3  search { over { lr: [0.01, 0.1, 1] }  select: max val.auroc } }");

describe("a search", () => {
  it("touches the test split only once the choice is made", async () => {
    const graph = bench.compile(searched);
    const seen = await eventsOf(searched);
    const chosenAt = seen.findIndex((event) => event.event === "task.finished" && event.op === "select");
    const touched = graph.tasks.filter((task) => reachesTest(task.id, graph));
    expect(touched.map(({ op }) => op).sort()).toEqual(["auroc", "extract", "predict", "split"]);
    const scored = touched.filter(({ op }) => op === "predict" || op === "auroc");
    for (const { id } of scored) {
      const startedAt = seen.findIndex((event) => event.event === "task.started" && event.task === id);
      expect(startedAt).toBeGreaterThan(chosenAt);
    }
    // Nor could it be otherwise: no task of the search has anything of the test split upstream.
    const select = graph.tasks.find(({ op }) => op === "select");
    expect(upstreamOf(select?.id ?? "", graph).filter((id) => reachesTest(id, graph))).toEqual([]);
  });

  it("stores a choice that can be read: every point, its score, and the winner", async () => {
    const { outcomes } = await bench.run(searched);
    const id = bench.compile(searched).tasks.find(({ op }) => op === "select")?.id ?? "";
    const outcome = outcomes.get(id);
    if (outcome?.outcome !== "computed") throw new Error("the choice was not computed");
    const choice = choiceCodec.decode(bench.store.readArtifact(outcome.answer.artifact)?.bytes ?? new Uint8Array());
    expect(choice.points).toEqual([{ lr: 0.01 }, { lr: 0.1 }, { lr: 1 }]);
    expect(choice.scores).toHaveLength(3);
    expect(choice.settings).toEqual(choice.points[choice.chosen]);
    expect(choice).toMatchObject({ metric: "auroc", want: "max" });
  });

  it("fits what is chosen as that fit would be made by itself", async () => {
    const refit = await fittedBy(
      withHead("linear { epochs: 3  search { over { lr: [0.1] }  refit: train } }"),
      (task) => Object.hasOwn(task.inputs, "choice"),
    );
    const alone = await fittedBy(withHead("linear { epochs: 3  lr: 0.1 }"), () => true);
    expect(refit).toEqual(alone);
    expect(refit.arrays["weights"]).toHaveLength(2);
  });

  it("trains a whole grid in one call, and after an added rate that rate alone", async () => {
    await bench.run(searched);
    // One call for the three points, one for the refit.
    expect(bench.counts.calls.get("linear")).toBe(2);
    const trained: unknown[] = [];
    spyOnLinear((members) => trained.push(...members.map(({ lr }) => lr)));
    const wider = await bench.run(searched.replace("[0.01, 0.1, 1]", "[0.01, 0.1, 1, 3]"));
    expect(wider.summary).toMatchObject({ failed: 0, forwardPasses: 0 });
    expect(trained[0]).toBe(3);
    // The refit runs again only where the choice has changed.
    expect(trained.length).toBeLessThanOrEqual(2);
  });

  it("refits nothing where a wider grid leaves the choice as it is", async () => {
    await bench.run(withHead("linear { epochs: 3  search { over { lr: [0.1, 1e-11, 1e3] }  select: max val.auroc } }"));
    const trained: unknown[] = [];
    spyOnLinear((members) => trained.push(...members.map(({ lr }) => lr)));
    const wider = withHead(
      "linear { epochs: 3  search { over { lr: [0.1, 1e-11, 1e3, 1e-12] }  select: max val.auroc } }",
    );
    await bench.run(wider);
    expect(trained).toEqual([1e-12]);
  });

  it("passes over a point whose loss is not finite, and says so under the table", async () => {
    const { summary, tables } = await bench.run(
      withHead("linear { epochs: 3  weight_decay: 1  search { over { lr: [0.1, 1e30] }  select: max val.auroc } }"),
    );
    expect(summary.failed).toBe(0);
    expect(tables[0]?.cells[0]?.mean).not.toBeNull();
    expect(tables[0]?.notes.join("\n")).toContain("The search passed over 1 of 2 points: The loss of the linear head");
  });

  it("scores by folds of the training split where it is told to, each example once", async () => {
    const program = withHead("linear { epochs: 3  search { over { lr: [0.01, 0.1] }  folds: 3 } }");
    const graph = bench.compile(program);
    const { summary, outcomes } = await bench.run(program);
    expect(summary.failed).toBe(0);
    const pool = graph.tasks.find(({ op }) => op === "pool");
    const outcome = outcomes.get(pool?.id ?? "");
    if (outcome?.outcome !== "computed") throw new Error("nothing was pooled");
    const bytes = bench.store.readArtifact(outcome.answer.artifact)?.bytes ?? new Uint8Array();
    const predictions = codecOf("predictions").decode(bytes) as { ids: readonly string[] };
    expect([...predictions.ids].sort()).toEqual(Array.from({ length: 12 }, (_, row) => `line ${row + 1}`).sort());
    // Every image still passes the backbone once.
    expect(summary.forwardPasses).toBe(20);
  });

  it("chooses the best epoch, and stops the refit at its share of the steps", async () => {
    const program = withHead(
      "linear { epochs: 10  search { epochs: 5  over { lr: [0.1] }  checkpoint: best  select: max val.accuracy } }",
    );
    const stops: unknown[] = [];
    spyOnLinear((members) => stops.push(...members.map(({ stop_at: share }) => share)));
    const { summary, outcomes } = await bench.run(program);
    expect(summary.failed).toBe(0);
    const id = bench.compile(program).tasks.find(({ op }) => op === "select")?.id ?? "";
    const outcome = outcomes.get(id);
    if (outcome?.outcome !== "computed") throw new Error("the choice was not computed");
    const choice = choiceCodec.decode(bench.store.readArtifact(outcome.answer.artifact)?.bytes ?? new Uint8Array());
    expect([0.2, 0.4, 0.6, 0.8, 1]).toContain(choice.settings["stop_at"]);
    expect(stops.at(-1)).toBe(choice.settings["stop_at"]);
  });

  it("searches heads without epochs too", async () => {
    const { summary, tables } = await bench.run(
      withHead("knn { search { over { k: [1, 3] }  select: max val.accuracy } }"),
    );
    expect(summary.failed).toBe(0);
    expect(tables[0]?.cells[0]?.mean).not.toBeNull();
  });
});

describe("heads that are trained together", () => {
  const rates = (list: string): string =>
    `${heading}head probe = linear { epochs: 3  weight_decay: 0.1 }
sweep all { dataset: points  backbone: one  head: probe  head.lr: ${list} }
table "All" { from: all  rows: head.lr  cells: test.auroc }
`;

  it("have the bits that each has alone", async () => {
    const together = await allClassifiers(rates("[0.01, 0.1, 1]"));
    bench.close();
    bench = createBench();
    const alone = await allClassifiers(rates("[0.1]"));
    expect(together).toContainEqual(alone[0]);
  });

  it("have the same bits after a run that was stopped while they were trained", async () => {
    const stop = new AbortController();
    const stopped = await bench.run(rates("[0.01, 0.1]"), stop.signal, (event) => {
      if (event.event === "task.started" && event.op === "linear") stop.abort();
    });
    expect(stopped.summary).toMatchObject({ failed: 0 });
    expect(stopped.summary.cancelled).toBeGreaterThan(2);
    const resumed = await allClassifiers(rates("[0.01, 0.1]"));
    bench.close();
    bench = createBench();
    expect(resumed).toEqual(await allClassifiers(rates("[0.01, 0.1]")));
    expect(resumed).toHaveLength(2);
  });

  it("are asked for by seed too, and a cell takes all seeds together", async () => {
    const seeded = searched.replace("head: probe }", "head: probe  seed: 0..2 }");
    const { summary, tables } = await bench.run(seeded);
    expect(summary.failed).toBe(0);
    expect(tables[0]?.cells[0]?.n).toBe(3);
    // Each seed has a search of its own: three grids, three refits.
    expect(bench.counts.calls.get("linear")).toBe(6);
  });

  it("fail one by one: a rate that is too large leaves its neighbours as they are", async () => {
    const { summary, outcomes } = await bench.run(rates("[0.01, 1e30, 1]"));
    expect(summary).toMatchObject({ failed: 1, skipped: 2 });
    const failed = [...outcomes.values()].find(({ outcome }) => outcome === "failed");
    expect(failed).toMatchObject({ failure: { code: "loss-not-finite" } });
    const others = await allClassifiers(rates("[0.01, 1e30, 1]"));
    bench.close();
    bench = createBench();
    expect(others).toEqual(await allClassifiers(rates("[0.01, 1]")));
  });
});

async function eventsOf(program: string): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  await bench.run(program, undefined, (event) => events.push(event));
  return events;
}

/** Whether a task is asked about the test split, or takes something that is. */
function reachesTest(id: string, graph: TaskGraph): boolean {
  const tasks = [id, ...upstreamOf(id, graph)].map((name) => graph.tasks.find((task) => task.id === name));
  return tasks.some((task) => task?.params["split"] === "test");
}

function upstreamOf(id: string, graph: TaskGraph): readonly string[] {
  const inputs = Object.values(graph.tasks.find((task) => task.id === id)?.inputs ?? {});
  return [...new Set(inputs.flatMap((input) => [input, ...upstreamOf(input, graph)]))];
}

function spyOnLinear(hear: (members: readonly Readonly<Record<string, unknown>>[]) => void): void {
  const linear = bench.ops.get("linear") as FusedOp;
  bench.ops.set("linear", { ...linear, run: (context: FusedContext) => (hear(context.members), linear.run(context)) });
}

async function allClassifiers(program: string): Promise<readonly Uint8Array[]> {
  const { outcomes } = await bench.run(program);
  return bench
    .compile(program)
    .tasks.filter(({ op }) => op === "linear")
    .flatMap(({ id }) => {
      const outcome = outcomes.get(id);
      const isThere = outcome?.outcome === "computed" || outcome?.outcome === "cached";
      return isThere ? [bench.store.readArtifact(outcome.answer.artifact)?.bytes ?? new Uint8Array()] : [];
    });
}

/** The classifier, but for what has to be said of it: a search has more to say. */
async function fittedBy(
  program: string,
  isWanted: (task: TaskGraph["tasks"][number]) => boolean,
): Promise<ReturnType<typeof decodeDocument>> {
  const { outcomes } = await bench.run(program);
  const task = bench.compile(program).tasks.find((candidate) => candidate.op === "linear" && isWanted(candidate));
  const outcome = outcomes.get(task?.id ?? "");
  if (outcome?.outcome !== "computed" && outcome?.outcome !== "cached") throw new Error("no classifier");
  const bytes = bench.store.readArtifact(outcome.answer.artifact)?.bytes ?? new Uint8Array();
  const document = decodeDocument("classifier", bytes);
  return { ...document, fields: { ...document.fields, notes: [] } };
}
