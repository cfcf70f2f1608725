import type { Comparison } from "../artifacts/comparison.ts";
import type { Resamples } from "../artifacts/resamples.ts";
import { createPacer } from "../heads/pacer.ts";
import { paramsOf } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { countOf } from "../count-of.ts";
import { findBest, testAgainstBest, type Want } from "./best-cell.ts";
import { cellValues, createDrawPicks, type CellValues } from "./cell-values.ts";
import type { CellExpression } from "./cells.ts";
import { commonExamples, describeTests, listInputs } from "./compared-column.ts";
import { intervalOf, type Interval } from "./interval.ts";
import { testPaired } from "./paired-test.ts";

const signature = {
  name: "compare",
  version: 2,
  summary: "Intervals of a column's cells and their tests against the best, by the bootstrap.",
  use: "compare",
  params: {
    cells: { type: "wired", summary: "Which inputs each cell is made of." },
    want: { type: "wired", summary: "Whether the largest or the smallest value is best; null: neither." },
    resamples: { type: "wired", summary: "How many resamples." },
    seed: { type: "wired", summary: "The seed of the resampled draws." },
  },
  inputs: { resamples: { kind: "resamples", many: true, summary: "A metric's resamples, for each answer." } },
  output: "comparison",
} as const;

/**
 * The hierarchical bootstrap: patients are resampled once for all cells, seeds are averaged, and where an answer was drawn
 * several times (few-shot draws) the draws are resampled too, the same for every cell.
 */
export const compare: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context): Promise<Comparison> => {
    const params = paramsOf(signature, context) as unknown as CompareParams;
    const { resamples, want } = params;
    const inputs = listInputs(context, "resamples", "resamples");
    const other = inputs.find(({ values }) => values.length !== resamples);
    if (other !== undefined) throw new Error(`An answer has ${String(other.values.length)} resamples.`);
    const picksOf = createDrawPicks(resamples, params.seed);
    const pause = createPacer(context.signal);
    const cells: CellValues[] = [];
    const intervals: (Interval | null)[] = [];
    for (const expression of params.cells) {
      await pause();
      const cell = cellValues(expression, inputs, { resamples, picksOf });
      cells.push(cell);
      intervals.push(cell.value === null ? null : intervalOf({ ...cell, value: cell.value }));
      context.progress(cells.length, params.cells.length);
    }
    return compareCells(cells, { intervals, want, inputs });
  },
};

interface CompareParams {
  readonly cells: readonly CellExpression[];
  readonly want: Want;
  readonly resamples: number;
  readonly seed: number;
}

interface Column {
  readonly intervals: readonly (Interval | null)[];
  readonly want: Want;
  readonly inputs: readonly Resamples[];
}

function compareCells(cells: readonly CellValues[], { intervals, want, inputs }: Column): Comparison {
  const best = findBest(
    cells.map(({ value }) => value),
    want,
  );
  const reference = cells[best];
  const { p, pAdjusted } = testAgainstBest(cells.length, best, (index) => {
    const cell = cells[index]!;
    if (reference === undefined || cell.value === null || cell.examples !== reference.examples) return null;
    return testPaired(cell.values, reference.values);
  });
  const tests = p.filter((each) => each !== null).length;
  const common = commonExamples(cells, best);
  const hasInterval = intervals.some((interval) => interval !== null);
  return {
    cells: cells.map((_, index) => ({
      ci95: intervals[index] ?? null,
      p: p[index] ?? null,
      pAdjusted: pAdjusted[index] ?? null,
      isBest: index === best,
    })),
    ciMethod: hasInterval ? describeIntervals(cells, inputs) : null,
    testMethod: tests === 0 ? null : describeTests(`paired bootstrap of ${unitOf(inputs)}`, tests),
    nGroups: common.nGroups,
    notes: [
      ...common.notes,
      ...describeUndefined(cells, inputs),
      ...describeDegenerate(intervals),
      ...new Set(inputs.flatMap(({ notes }) => notes)),
    ],
  };
}

function describeIntervals(cells: readonly CellValues[], inputs: readonly Resamples[]): string {
  const resamples = inputs[0]?.values.length ?? 0;
  const draws = cells.some(({ nDraws }) => nDraws > 1) ? ` and of few-shot draws` : "";
  return `bias-corrected and accelerated bootstrap of ${unitOf(inputs)}${draws}, ${String(resamples)} resamples`;
}

/** What is drawn: patients, where some have several examples. Cells side by side may be of different data sets. */
function unitOf(inputs: readonly Resamples[]): string {
  const grouped = inputs.filter(({ nGroups, nExamples }) => nGroups < nExamples).length;
  if (grouped === 0) return "examples";
  return grouped === inputs.length ? "patients" : "patients, or of examples where no two share one";
}

function describeUndefined(cells: readonly CellValues[], inputs: readonly Resamples[]): readonly string[] {
  const counts = cells.flatMap(({ value, values }) => (value === null ? [] : [values.filter(Number.isNaN).length]));
  const most = Math.max(0, ...counts);
  if (most === 0) return [];
  const total = String(inputs[0]?.values.length ?? 0);
  return [
    `Resamples on which a cell has no value are left out of its interval and tests: at most ${String(most)} of ${total}.`,
  ];
}

function describeDegenerate(intervals: readonly (Interval | null)[]): readonly string[] {
  const flat = intervals.filter((interval) => interval !== null && interval[0] === interval[1]).length;
  if (flat === 0) return [];
  return [
    `The interval of ${countOf(flat, "cell")} is a single value, as every resample gives the same: it says nothing of what other patients would give.`,
  ];
}
