import { builtinOps } from "@exp-lab/ops";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createBench, type Bench } from "./run-program.ts";

const statistics = builtinOps.filter(({ signature: { use } }) =>
  ["resample", "compare", "delong", "rank"].includes(use),
);

let bench: Bench;
let computed: string[];

beforeEach(() => {
  bench = createBench();
  for (const op of statistics) bench.ops.set(op.signature.name, op);
});
afterEach(() => {
  bench.close();
});

const program = (heads: readonly string[], rest = ""): string => `exp 1
dataset points = lines { file: "points.txt" }
backbone twice = scale { factor: 2 }
sweep s { dataset: points  backbone: twice  head: [${heads.map((c) => `logistic { c: ${c} }`).join(", ")}] }
table "T" { from: s  rows: head  cells: test.auroc  best: max per column ${rest} }
`;

/** Runs the program and notes which ops computed something. */
async function run(text: string): ReturnType<Bench["run"]> {
  computed = [];
  return bench.run(text, undefined, (event) => {
    if (event.event === "task.finished" && event.outcome === "computed") computed.push(event.op);
  });
}

const count = (op: string): number => computed.filter((name) => name === op).length;

it("gives every cell an interval, and a test against the best", async () => {
  const { tables } = await run(program(["0.001", "1", "100"]));
  const cells = tables[0]?.cells ?? [];
  expect(cells).toHaveLength(3);
  for (const { ci95, mean, ciMethod, p, best } of cells) {
    expect(ci95?.[0]).toBeLessThanOrEqual(mean ?? Number.NaN);
    expect(ci95?.[1]).toBeGreaterThanOrEqual(mean ?? Number.NaN);
    expect(ciMethod).toContain("bootstrap");
    if (!best) expect(p).toBeGreaterThan(0);
  }
  expect([count("resample"), count("compare")]).toEqual([3, 1]);
});

it("computes for a row that is added its own resamples and the comparison, and changes no other row's interval", async () => {
  const before = await run(program(["0.001", "1"]));
  const after = await run(program(["0.001", "1", "100"]));
  expect([count("resample"), count("compare"), count("logistic")]).toEqual([1, 1, 1]);
  const intervals = (result: typeof before): unknown => result.tables[0]?.cells.slice(0, 2).map(({ ci95 }) => ci95);
  expect(intervals(after)).toEqual(intervals(before));
});

it("takes other resamples for another seed, and none where none are wanted", async () => {
  const first = await run(program(["0.001", "1"]));
  const other = await run(program(["0.001", "1"], "resample_seed: 1"));
  expect([count("resample"), count("auroc")]).toEqual([2, 0]);
  const none = await run(program(["0.001", "1"], "intervals: none"));
  expect(computed).toEqual([]);
  const interval = ({ tables }: typeof first): unknown => tables[0]?.cells[0]?.ci95;
  expect(interval(other)).not.toEqual(interval(first));
  expect(interval(none)).toBeNull();
});

it("says how a finished comparison went, while the run goes on", async () => {
  const known: string[] = [];
  await bench.run(program(["0.001", "1"]), undefined, (event) => known.push(event.event));
  expect(known.filter((event) => event === "comparison.known")).toHaveLength(1);
  await bench.run(program(["0.001", "1"]), undefined, (event) => known.push(event.event));
  expect(known.filter((event) => event === "comparison.known")).toHaveLength(2);
});

it("says of the cells whose column cannot be compared that one of them has failed", async () => {
  const failing = program(["0.001", "1"]).replace("head: [", "head: [knn { k: 100 }, ");
  const { tables, summary, text } = await run(failing);
  expect(summary.failed).toBe(1);
  const [first, ...others] = tables[0]?.cells ?? [];
  expect(first).toMatchObject({ mean: null, failed: 1 });
  for (const { mean, ci95, notes } of others) {
    expect([mean === null, ci95]).toEqual([false, null]);
    expect(notes.at(-1)).toContain("one of those has failed");
  }
  expect(text).toContain("There are neither intervals nor tests");
});
