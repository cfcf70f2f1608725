import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextFor } from "../../../../tests/ops/dataset-testing.ts";
import { comparisonCodec, type Comparison } from "../artifacts/comparison.ts";
import type { Resamples } from "../artifacts/resamples.ts";
import { randomStream } from "../runtime/random.ts";
import { cellValues, createDrawPicks } from "./cell-values.ts";
import type { AnswerReference, CellExpression } from "./cells.ts";
import { compare } from "./compare.ts";
import { intervalOf } from "./interval.ts";
import { testPaired } from "./paired-test.ts";

const resamples = 400;

describe("compare", () => {
  const inputs = [answer(0.8, 1), answer(0.9, 2), answer(0.85, 3), answer(0.7, 4)];

  it("tests every cell against the best, in pairs, with Holm's adjustment", async () => {
    const { cells, ...column } = await compareAll(inputs, inputs.map((_, input) => single(input))); // prettier-ignore
    expect(cells.map(({ isBest }) => isBest)).toEqual([false, true, false, false]);
    const p = inputs.map(({ values }) => testPaired(values, inputs[1]!.values));
    expect(cells.map((cell) => cell.p)).toEqual([p[0], null, p[2], p[3]]);
    expect(cells[3]?.pAdjusted).toBe(Math.min(1, 3 * (p[3] ?? 0)));
    expect(cells.map(({ ci95 }) => ci95)).toEqual(
      inputs.map((input) => intervalOf({ ...input, value: input.value ?? 0 })),
    );
    expect(column).toEqual({
      ciMethod: "bias-corrected and accelerated bootstrap of patients, 400 resamples",
      testMethod: "paired bootstrap of patients against the best cell, two-sided, Holm over 3 tests",
      nGroups: 50,
      notes: [],
    });
    expect(comparisonCodec.decode(comparisonCodec.encode({ cells, ...column }))).toEqual({ cells, ...column });
  });

  it("takes the smallest where that is wanted, the first of equals, and none where neither is", async () => {
    const twice = [...inputs, inputs[3]!];
    const cells = twice.map((_, input) => single(input));
    const bestOf = ({ cells: found }: Comparison): number => found.findIndex(({ isBest }) => isBest);
    expect(bestOf(await compareAll(twice, cells, "min"))).toBe(3);
    const neither = await compareAll(twice, cells, null);
    expect(bestOf(neither)).toBe(-1);
    expect(neither).toMatchObject({ testMethod: null, notes: [] });
    expect(neither.cells.every(({ p, ci95 }) => p === null && ci95 !== null)).toBe(true);
    expect((await compareAll(twice, cells, "min")).cells[4]?.p).toBe(1);
  });

  it("changes nothing in the other rows when one is added that is not best", async () => {
    const three = inputs.slice(0, 3);
    const before = await compareAll(three, three.map((_, input) => single(input))); // prettier-ignore
    const after = await compareAll(inputs, inputs.map((_, input) => single(input))); // prettier-ignore
    const plain = ({ cells }: Comparison) => cells.map(({ ci95, p, isBest }) => ({ ci95, p, isBest }));
    expect(plain(after).slice(0, 3)).toEqual(plain(before));
  });

  it("calls what is drawn by what it is in every cell", async () => {
    const alone = { ...inputs[1]!, examples: "others", nGroups: inputs[1]!.nExamples };
    const methodOf = async (...given: readonly Resamples[]): Promise<string | null> =>
      (await compareAll(given, given.map((_, input) => single(input)))).ciMethod; // prettier-ignore
    expect(await methodOf(inputs[0]!, inputs[1]!)).toContain("bootstrap of patients, 400");
    expect(await methodOf(alone, alone)).toContain("bootstrap of examples, 400");
    expect(await methodOf(inputs[0]!, alone)).toContain("of patients, or of examples where no two share one, 400");
  });

  it("tests no cells in pairs that were scored on other examples", async () => {
    const other = { ...inputs[0]!, examples: "others", nGroups: 60 };
    const found = await compareAll([other, inputs[1]!, inputs[2]!], [single(0), single(1), single(2)]);
    expect(found.cells.map(({ p }) => p !== null)).toEqual([false, false, true]);
    expect(found.nGroups).toBeNull();
    expect(found.notes[0]).toBe("1 cell was scored on other examples than the best one and is not tested against it.");
  });

  it("gives no interval to a cell without a value", async () => {
    const undefinedAnswer = {
      ...answer(0, 9),
      value: null,
      values: new Float64Array(resamples).fill(Number.NaN),
      notes: ["AUROC is not defined."],
    };
    const { cells, notes } = await compareAll([inputs[0]!, undefinedAnswer], [single(0), single(1)]);
    expect(cells[1]).toEqual({ ci95: null, p: null, pAdjusted: null, isBest: false });
    expect(notes).toEqual(["AUROC is not defined."]);
  });

  it("leaves out resamples without a value on both sides, and says so", async () => {
    const gaps = { ...inputs[0]!, values: inputs[0]!.values.map((value, at) => (at < 30 ? Number.NaN : value)) };
    const { cells, notes } = await compareAll([gaps, inputs[1]!], [single(0), single(1)]);
    expect(cells[0]?.p).toBe(testPaired(gaps.values.slice(30), inputs[1]!.values.slice(30)));
    expect(notes).toContain(
      "Resamples on which a cell has no value are left out of its interval and tests: at most 30 of 400.",
    );
  });

  it("says that an interval without width says nothing", async () => {
    const certain = { ...answer(1, 1), values: new Float64Array(resamples).fill(1) };
    const { cells, notes } = await compareAll([certain], [single(0)]);
    expect(cells[0]?.ci95).toEqual([1, 1]);
    expect(notes).toHaveLength(1);
  });
});

describe("cellValues", () => {
  const options = { resamples, picksOf: createDrawPicks(resamples, 4) };
  const inputs = [answer(0.8, 1), answer(0.9, 2), answer(0.6, 3), answer(0.7, 4)];

  it("averages seeds resample by resample", () => {
    const cell = cellValues({ answers: [reference(0), reference(1)] }, inputs, options);
    expect(cell).toMatchObject({ nDraws: 1, drawVariance: 0, nGroups: 50 });
    expect(cell.value).toBeCloseTo(0.85, 12);
    cell.values.forEach((value, at) => expect(value).toBeCloseTo((inputs[0]!.values[at]! + inputs[1]!.values[at]!) / 2, 12)); // prettier-ignore
  });

  it("combines metrics answer by answer; a single answer stands beside every other", () => {
    const many: CellExpression = { answers: [reference(0, 0), reference(1, 1)] };
    const cell = cellValues({ apply: "difference", of: [many, single(2)] }, inputs, options);
    expect(cell.value).toBeCloseTo((0.2 + 0.3) / 2, 12);
    expect(cell.nDraws).toBe(2);
    const ratio = cellValues({ apply: "ratio", of: [single(0), single(2)] }, inputs, options);
    ratio.values.forEach((value, at) => expect(value).toBe(inputs[0]!.values[at]! / inputs[2]!.values[at]!));
    const highest = cellValues({ apply: "max", of: [single(0), single(3)] }, inputs, options);
    expect(highest.values[7]).toBe(Math.max(inputs[0]!.values[7]!, inputs[3]!.values[7]!));
    const three: CellExpression = { answers: [reference(0), reference(1), reference(2)] };
    expect(() => cellValues({ apply: "min", of: [many, three] }, inputs, options)).toThrow("2 and 3 answers");
  });

  it("varies with the draws as their mean does", () => {
    // Draws differ, patients do not: all of the variance is that of the mean of the draws.
    const values = [0.5, 0.7, 0.6, 0.9, 0.55];
    const flat = values.map((value) => ({ ...answer(value, 1), values: new Float64Array(20_000).fill(value) }));
    const wide = { resamples: 20_000, picksOf: createDrawPicks(20_000, 1) };
    const cell = cellValues({ answers: flat.map((_, input) => reference(input, input)) }, flat, wide);
    const mean = values.reduce((sum, value) => sum + value, 0) / 5;
    const expected = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4 / 5;
    const found = cell.values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 20_000;
    expect(cell.drawVariance).toBeCloseTo(expected, 12);
    expect(found / expected).toBeGreaterThan(0.96);
    expect(found / expected).toBeLessThan(1.04);
  });

  it("takes the same draws for every cell, whatever the order of its answers", () => {
    const cell = cellValues({ answers: [reference(0, 0), reference(1, 1), reference(2, 2)] }, inputs, options);
    const turned = cellValues({ answers: [reference(2, 2), reference(0, 0), reference(1, 1)] }, inputs, options);
    expect(turned.values).toEqual(cell.values);
    expect(createDrawPicks(9, 4)(3)).toEqual(createDrawPicks(200, 4)(3).slice(0, 18));
  });

  it("leaves patients out of one set of examples at a time", () => {
    const other = { ...answer(0.5, 8), examples: "others", jackknife: Float64Array.of(0.4, 0.6) };
    const cell = cellValues({ apply: "mean", of: [single(0), single(1)] }, [inputs[0]!, other], options);
    expect(cell.jackknife.length).toBe(inputs[0]!.jackknife.length + 2);
    expect(cell.jackknife[0]).toBeCloseTo((inputs[0]!.jackknife[0]! + 0.5) / 2, 12);
    expect(cell.jackknife.at(-1)).toBeCloseTo((0.8 + 0.6) / 2, 12);
  });
});

describe("testPaired", () => {
  const anyValues = fc.array(fc.oneof(fc.double({ min: 0, max: 1 }), fc.constantFrom(0.5, Number.NaN)), {
    minLength: 8,
    maxLength: 8,
  });

  it("gives the same p whichever of the two comes first, and never 0 or above 1", () => {
    fc.assert(
      fc.property(anyValues, anyValues, (a, b) => {
        const p = testPaired(Float64Array.from(a), Float64Array.from(b));
        expect(testPaired(Float64Array.from(b), Float64Array.from(a))).toBe(p);
        if (p === null) return;
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("counts a resample of the data themselves", () => {
    expect(testPaired(Float64Array.of(1, 1, 1), Float64Array.of(0, 0, 0))).toBe(2 / 4);
    expect(testPaired(Float64Array.of(1, 1, 0.5), Float64Array.of(0, 0, 0.5))).toBe(1);
    expect(testPaired(Float64Array.of(Number.NaN), Float64Array.of(1))).toBeNull();
  });
});

function answer(value: number, seed: number): Resamples {
  const stream = randomStream(seed, "answer");
  const near = (): number => value + 0.05 * stream.normal();
  return {
    metric: "auroc",
    value,
    values: Float64Array.from({ length: resamples }, near),
    jackknife: Float64Array.from({ length: 50 }, near),
    nExamples: 120,
    nGroups: 50,
    examples: "examples",
    undefinedCount: 0,
    notes: [],
  };
}

function reference(input: number, draw: number | null = null): AnswerReference {
  return { input, draw };
}

function single(input: number): CellExpression {
  return { answers: [reference(input)] };
}

async function compareAll(
  inputs: readonly Resamples[],
  cells: readonly CellExpression[],
  want: "max" | "min" | null = "max",
): Promise<Comparison> {
  const named = inputs.map((value, index) => {
    return [
      `resamples.${String(index)}`,
      { kind: "resamples", value, origin: { op: "resample", params: {} } },
    ] as const;
  });
  const context = contextFor({ cells, want, resamples, seed: 4 });
  return (await compare.run({ ...context, inputs: Object.fromEntries(named) })) as Comparison;
}
