import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contextFor } from "../../../../tests/ops/dataset-testing.ts";
import { comparisonCodec, type Comparison } from "../artifacts/comparison.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import type { CellExpression } from "./cells.ts";
import { compareByDelong } from "./compare-by-delong.ts";

interface DelongCase {
  readonly name: string;
  readonly groups: readonly number[];
  readonly labels: readonly number[];
  readonly scores: readonly (readonly number[])[];
  readonly aurocs: readonly number[];
  readonly intervals: readonly (readonly [number, number])[];
  readonly differenceInterval: readonly [number, number];
  readonly p: number;
}

const fixture = new URL("../../../../tests/ops/reference/statistics_tests.json", import.meta.url);
const { delong } = JSON.parse(readFileSync(fixture, "utf8")) as { readonly delong: readonly DelongCase[] };

describe("delong", () => {
  it.each(delong)("agrees with the definition: $name", async (expected) => {
    const difference: CellExpression = { apply: "difference", of: [single(0), single(1)] };
    const predictions = expected.scores.map((scores) => multiLabel(expected, scores));
    const settings = { class: "ill" };
    const { cells } = await compareCells(predictions, { cells: [single(0), single(1)], settings });
    cells.forEach(({ ci95 }, row) =>
      ci95?.forEach((end, side) => expect(end).toBeCloseTo(expected.intervals[row]?.[side] ?? Number.NaN, 9)),
    );
    const best = expected.aurocs[0]! >= expected.aurocs[1]! ? 0 : 1;
    expect(cells.findIndex(({ isBest }) => isBest)).toBe(best);
    expect(cells[1 - best]?.p).toBeCloseTo(expected.p, 9);
    const { cells: differences } = await compareCells(predictions, { cells: [difference], settings, want: null });
    differences[0]?.ci95?.forEach((end, side) => expect(end).toBeCloseTo(expected.differenceInterval[side]!, 9));
  });

  it("says which variance it is, and is stored whole", async () => {
    const [alone, , repeated] = delong as [DelongCase, DelongCase, DelongCase];
    const cells = [single(0), single(1)];
    const plain = await compareCells(alone.scores.map((scores) => binary(alone, scores)), { cells }); // prettier-ignore
    expect(plain).toMatchObject({
      ciMethod: "DeLong's variance, on the logit scale",
      testMethod: "z test by DeLong's variance against the best cell, two-sided, Holm over 1 test",
      nGroups: 45,
    });
    expect(comparisonCodec.decode(comparisonCodec.encode(plain))).toEqual(plain);
    const grouped = await compareCells(repeated.scores.map((scores) => binary(repeated, scores)), { cells }); // prettier-ignore
    expect(grouped.ciMethod).toContain("Obuchowski 1997");
  });

  it("averages seeds by their covariance: two equal ones are one", async () => {
    const [alone] = delong as [DelongCase];
    const predictions = [alone.scores[0]!, alone.scores[0]!].map((scores) => binary(alone, scores));
    const twice: CellExpression = {
      answers: [
        { input: 0, draw: 0 },
        { input: 1, draw: 1 },
      ],
    };
    const { cells, notes } = await compareCells(predictions, { cells: [single(0), twice] });
    cells[1]?.ci95?.forEach((end, side) => expect(end).toBeCloseTo(cells[0]?.ci95?.[side] ?? Number.NaN, 12));
    expect(cells[1]?.p).toBe(1);
    expect(notes.at(-1)).toContain("few-shot draws");
  });

  it("stays between 0 and 1, and has no width where nothing varies", async () => {
    const groups = [0, 1, 2, 3, 4, 5];
    const certain = { groups, labels: [0, 0, 0, 1, 1, 1] };
    const { cells } = await compareCells([binary(certain, [1, 2, 3, 4, 5, 6]), binary(certain, [1, 2, 4, 3, 5, 6])], {
      cells: [single(0), single(1)],
    });
    expect(cells[0]?.ci95).toEqual([1, 1]);
    expect(cells[1]?.ci95?.[0]).toBeGreaterThan(0);
    expect(cells[1]?.ci95?.[1]).toBeLessThan(1);
  });

  it("gives no interval where a side is missing", async () => {
    const { cells, notes } = await compareCells([binary({ groups: [0, 1], labels: [1, 1] }, [1, 2])], {
      cells: [single(0)],
    });
    expect(cells[0]).toEqual({ ci95: null, p: null, pAdjusted: null, isBest: false });
    expect(notes).toEqual(["No interval for 1 cell: the scored examples lack positives or negatives."]);
  });

  it("refuses what has no such variance", async () => {
    const [alone] = delong as [DelongCase];
    const predictions = [binary(alone, alone.scores[0]!), binary(alone, alone.scores[1]!)];
    const cells = [single(0)];
    await expect(compareCells(predictions, { cells, metric: "accuracy" })).rejects.toMatchObject({
      code: "delong-metric",
    });
    await expect(compareCells(predictions, { cells, settings: { class: "sick" } })).rejects.toMatchObject({
      code: "delong-class",
    });
    const several = [multiLabel(alone, alone.scores[0]!)];
    await expect(compareCells(several, { cells })).rejects.toMatchObject({ code: "delong-average" });
    const ratio: CellExpression = { apply: "ratio", of: [single(0), single(1)] };
    await expect(compareCells(predictions, { cells: [ratio] })).rejects.toMatchObject({ code: "delong-function" });
  });
});

interface Asked {
  readonly cells: readonly CellExpression[];
  readonly metric?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly want?: "max" | null;
}

async function compareCells(predictions: readonly Predictions[], asked: Asked): Promise<Comparison> {
  const inputs = predictions.map((value, index) => {
    const origin = { op: "predict", params: {} };
    return [`predictions.${String(index)}`, { kind: "predictions", value, origin }] as const;
  });
  const { metric = "auroc", settings = {}, cells, want = "max" } = asked;
  const params = { metrics: predictions.map(() => ({ metric, settings })), cells, want };
  const context = { ...contextFor(params), inputs: Object.fromEntries(inputs) };
  return (await compareByDelong.run(context)) as Comparison;
}

function single(input: number): CellExpression {
  return { answers: [{ input, draw: null }] };
}

type Examples = Pick<DelongCase, "groups" | "labels">;

function binary({ groups, labels }: Examples, scores: readonly number[]): Predictions {
  return {
    problem: "binary",
    classNames: ["healthy", "ill"],
    ids: labels.map((_, row) => `image ${String(row)}`),
    groups: groups.map((group) => `patient ${String(group)}`),
    labels: { width: 1, values: Int32Array.from(labels) },
    scores: Float64Array.from(scores.flatMap((score) => [-score, score])),
    unusable: null,
    notes: [],
  };
}

/** The labels as the second of two flags: some may be unknown. */
function multiLabel(examples: Examples, scores: readonly number[]): Predictions {
  const values = Int32Array.from(examples.labels.flatMap((label) => [1, label]));
  return {
    ...binary(examples, scores),
    problem: "multi-label",
    classNames: ["seen", "ill"],
    labels: { width: 2, values },
  };
}
