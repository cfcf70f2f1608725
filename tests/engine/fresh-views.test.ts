import { builtinOps } from "@exp-lab/ops";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createBench, type Bench } from "./run-program.ts";

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => {
  bench.close();
});

const program = (views: string, seed = 0): string => `exp 1
dataset points = lines { file: "points.txt", views: ${views} }
backbone twice = scale { factor: 2 }
head probe = linear { lr: 0.1, epochs: 4, seed: ${String(seed)} }
sweep s { dataset: points  backbone: twice  head: probe }
table "T" { from: s  rows: head  cells: test.auroc }
`;

it("keeps stored views: another head passes nothing again", async () => {
  expect((await bench.run(program("3"))).summary.forwardPasses).toBe(12 * 3 + 8);
  expect((await bench.run(program("3", 1))).summary.forwardPasses).toBe(0);
});

it("makes a view of every image for every epoch, keeps none, and passes them again for another head", async () => {
  expect((await bench.plan(program("fresh"))).tasks.some(({ op }) => op.shape === "per example")).toBe(true);
  const first = await bench.run(program("fresh"));
  expect(first.summary.forwardPasses).toBe(12 * 4 + 8);
  const again = await bench.run(program("fresh"));
  expect([again.summary.computed, again.summary.forwardPasses]).toEqual([0, 0]);
  expect(again.text).toBe(first.text);
  const other = await bench.run(program("fresh", 1));
  expect(other.summary.forwardPasses).toBe(12 * 4);
});

it.each([
  ["3", 0],
  ["fresh", 12 * 4],
])("labels mirrored views by pairs of classes, from the very same rows (views: %s)", async (views, passesAgain) => {
  const scored = (pairs: string) => program(`${views}${pairs}`).replace("test.auroc", "test.brier");
  const plain = await bench.run(scored(""));
  const paired = await bench.run(scored(', mirror_pairs: [["no", "yes"]]'));
  expect(paired.summary.forwardPasses).toBe(passesAgain);
  expect(paired.text).not.toBe(plain.text);
  const wrong = await bench.run(scored(', mirror_pairs: [["no", "maybe"]]'));
  expect([wrong.summary.failed, wrong.summary.forwardPasses]).toEqual([1, 0]);
});

it("starts no extraction before every data set has been audited", async () => {
  const bad = program("none").replace("exp 1\n", 'exp 1\ndataset leaking = lines { file: "leaking.txt" }\n');
  bench.write("leaking.txt", "train 0 1.0 1.0\ntrain 1 0.0 0.0\ntest 0 1.0 1.0\ntest 1 2.0 0.5\n");
  const order: string[] = [];
  const { summary } = await bench.run(
    bad.replace("dataset: points", "dataset: [points, leaking]").replace("rows: head", "rows: dataset"),
    undefined,
    (event) => {
      if (event.event === "task.finished" && event.outcome !== "skipped") order.push(`${event.op} ${event.outcome}`);
    },
  );
  expect(summary.failed).toBe(1);
  expect(order).toContain("audit failed");
  const firstPass = order.findIndex((entry) => entry.startsWith("extract"));
  expect(order.indexOf("audit failed")).toBeLessThan(firstPass);
  expect(order.slice(firstPass).some((entry) => /^(audit|split|lines) /.test(entry))).toBe(false);
  expect(builtinOps.some(({ signature }) => signature.name === "audit")).toBe(true);
});
