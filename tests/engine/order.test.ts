import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  countRows,
  createInProcessExecutor,
  openMemoryStore,
  predictPlan,
  type PlanPrediction,
  type Store,
} from "@exp-lab/runner";
import { createBench, program, type Bench } from "./run-program.ts";

type Device = Parameters<typeof predictPlan>[1]["device"];
type Fingerprint = Parameters<Store["saveRunTask"]>[0]["fingerprint"];

const device: Device = { provider: "cpu", cores: 2, cpu: "A processor", os: "linux", architecture: "x64" };

/** Two backbones with heads of their own: two chains that share the data set alone. */
const twoBackbones = program
  .replace("head near", "backbone two = scale { factor: 2 }\nhead near")
  .replace("[one]", "[one, two]");

const benches: Bench[] = [];
let bench: Bench;
beforeEach(() => {
  bench = openBench(openMemoryStore());
});
afterEach(() => {
  for (const each of benches.splice(0)) each.close();
});

function openBench(store: Store): Bench {
  const opened = createBench(store);
  benches.push(opened);
  return opened;
}

/** A store in which some run noted that backbones of a factor took so many seconds. */
function storeWithHistory(secondsByFactor: Readonly<Record<number, number>>): Store {
  const store = openMemoryStore();
  const environment = JSON.stringify({ device });
  const run = store.startRun({ program: "before.exp", startedAt: new Date(), environment });
  for (const [factor, seconds] of Object.entries(secondsByFactor)) {
    const question = { format: 1, op: "scale", version: 1, files: {}, inputs: {}, libraries: {} };
    const manifest = JSON.stringify({ ...question, params: { factor: Number(factor) } });
    store.saveRunTask({
      ...{ run, slot: manifest, manifest, outcome: "computed", reason: null, seconds },
      fingerprint: createHash("sha256").update(manifest).digest("hex") as Fingerprint,
      cost: {
        ...{ op: "scale", version: 1, seconds, members: 1, examples: null },
        ...{ storedBytes: 8, inputBytes: 0, outputBytes: 8, peakBytes: null },
      },
    });
  }
  return store;
}

interface Told {
  readonly labels: readonly string[];
  readonly text: string;
  readonly summary: object;
}

/** What a run of so many slots says: its tasks in the order in which they start, and its table. */
async function runWith(store: Store, slots: number, text = twoBackbones): Promise<Told> {
  const own = openBench(store);
  const labels: string[] = [];
  const bounds = { executor: { ...createInProcessExecutor(own.ops), slots }, environment: { device } };
  const listen: Parameters<Bench["run"]>[2] = (event) => {
    if (event.event === "task.started") labels.push(event.label);
  };
  const result = await own.run(text, undefined, listen, "test.exp", bounds);
  return { labels, text: result.text, summary: { ...result.summary, seconds: 0 } };
}

describe("with several slots", () => {
  it("what past runs found slow, with all that waits for it, starts first", async () => {
    const { labels } = await runWith(storeWithHistory({ 1: 0.01, 2: 1000 }), 2);
    expect(labels.indexOf("scale · two")).toBeLessThan(labels.indexOf("scale · one"));
    const other = await runWith(storeWithHistory({ 1: 1000, 2: 0.01 }), 2);
    expect(other.labels.indexOf("scale · one")).toBeLessThan(other.labels.indexOf("scale · two"));
  });

  it("the results are the same in any order", async () => {
    const plain = await runWith(openMemoryStore(), 1);
    expect(plain.summary).toMatchObject({ failed: 0, forwardPasses: 40 });
    for (const store of [
      openMemoryStore(),
      storeWithHistory({ 1: 0.01, 2: 1000 }),
      storeWithHistory({ 1: 1000, 2: 1 }),
    ]) {
      for (const slots of [2, 5]) {
        const { text, summary, labels } = await runWith(store, slots);
        expect(text).toBe(plain.text);
        if (labels.length > 0) expect(summary).toEqual(plain.summary);
      }
    }
  });

  it("the first score does not wait for the last head", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `b${String(index)}`);
    const many = names.map((name, index) => `backbone ${name} = scale { factor: ${String(index + 3)} }`).join("\n");
    const text = twoBackbones.replace("head near", `${many}\nhead near`).replace("[one, two]", `[${names.join(", ")}]`);
    const { labels } = await runWith(openMemoryStore(), 2, text);
    const firstScore = labels.findIndex((label) => label.startsWith("auroc"));
    expect(firstScore).toBeGreaterThan(0);
    expect(firstScore).toBeLessThan(labels.length / 4);
  });
});

describe("a prediction", () => {
  const predict = async (text: string, on: Device = device): Promise<PlanPrediction | null> => {
    const plan = await bench.plan(text);
    const rows = countRows(plan.tasks, bench.store);
    return predictPlan(plan, { store: bench.store, device: on, jobs: 1, rows });
  };
  const run = (text: string) => bench.run(text, undefined, undefined, "test.exp", { environment: { device } });

  it("names what it knows nothing of, and sums nothing then", async () => {
    const prediction = await predict(program);
    expect(prediction).toMatchObject({
      seconds: null,
      bytes: null,
      secondsError: null,
      history: { tasks: 0, runs: 0 },
    });
    const counts = prediction?.unpredicted.map(({ op, reason, tasks }) => [op, reason, tasks]);
    expect(counts).toContainEqual(["scale", "no past run", 1]);
    expect(counts).toContainEqual(["extract", "no past run", 2]);
    await run(program);
    expect(await predict(program)).toBeNull();
  });

  it("goes by what the same ops took before, and counts an image once that two tasks need", async () => {
    const search = "search { over { c: [1, 2] }  select: max val.auroc  refit: train + val }";
    const searched = program.replace("logistic { c: 1 }", `logistic { ${search} }`);
    await run(searched);
    const again = searched.replace("factor: 1", "factor: 5");
    const { tasks } = await bench.plan(again);
    const made = [...countRows(tasks, bench.store).values()].map((count) => count.made);
    expect(made).toHaveLength(4);
    const { summary } = await run(again);
    expect(summary.forwardPasses).toBe(22);
    expect(made.reduce((sum, count) => sum + count, 0)).toBe(22);
  });

  it("tells how far off it may be, and what each part rests on", async () => {
    await run(program);
    await run(program.replace("factor: 1", "factor: 3"));
    const prediction = await predict(program.replace("factor: 1", "factor: 9"));
    expect(prediction?.unpredicted).toEqual([]);
    expect(prediction?.seconds).toBeGreaterThan(0);
    expect(prediction?.bytes).toBeGreaterThan(0);
    expect(prediction?.history.runs).toBe(2);
    expect(prediction?.byBasis).toMatchObject({ question: 0, op: 0 });
    expect(prediction?.byBasis.nearest).toBeGreaterThanOrEqual(1);
    expect(prediction?.secondsError?.factor).toBeGreaterThanOrEqual(1);
    expect(prediction?.bytesError?.factor).toBeGreaterThanOrEqual(1);
  });

  it("says where images are taken to be as many as the last time", async () => {
    await run(program);
    bench.write("points.txt", "train 0 0 1\ntrain 1 1 0\nval 0 0.1 1\nval 1 1 0.1\ntest 0 0 1.1\ntest 1 1.1 0\n");
    const prediction = await predict(program);
    expect(prediction).toMatchObject({ unpredicted: [], assumed: 2 });
  });

  it("leaves out what another processor took, and says so", async () => {
    await run(program);
    const other = program.replace("factor: 1", "factor: 3");
    const prediction = await predict(other, { ...device, cpu: "Another processor" });
    expect(prediction).toMatchObject({ seconds: null, history: { tasks: 0 } });
    expect(new Set(prediction?.unpredicted.map(({ reason }) => reason))).toEqual(new Set(["another machine"]));
    // How many cores there are changes no op of one thread.
    expect((await predict(other, { ...device, cores: 64 }))?.unpredicted).toEqual([]);
  });
});
