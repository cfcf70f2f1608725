import type { Ranking } from "../artifacts/ranking.ts";
import type { Score } from "../artifacts/score.ts";
import { paramsOf } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { listInputs } from "./compared-column.ts";
import { criticalDifference, findCliques, testRanks } from "./friedman.ts";
import { tieValue } from "./tie-value.ts";

const signature = {
  name: "rank",
  version: 2,
  summary: "How the rows of a table rank over data sets: Friedman's test and Nemenyi's critical difference.",
  use: "rank",
  params: {
    cells: { type: "wired", summary: "Of each row and data set, the inputs that its score is the mean of." },
    want: { type: "wired", summary: "Whether the largest or the smallest score is best." },
  },
  inputs: { scores: { kind: "score", many: true, summary: "The score of each answer." } },
  output: "ranking",
} as const;

/** Demsar (2006): below these the distribution of the critical difference is not to be relied on. */
const fewestDatasets = 8;
const alpha = 0.05;

/** A data set on which a row has no score, or averages over other classes than another row, ranks nothing and is counted. */
export const rank: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context): Promise<Ranking> => {
    const { cells, want } = paramsOf(signature, context) as unknown as RankParams;
    const inputs = listInputs(context, "scores", "score");
    const scoresOf = (row: number, dataset: number): readonly Score[] =>
      (cells[row]?.[dataset] ?? []).map((input) => inputs[input]!);
    const all = Array.from({ length: Math.max(0, ...cells.map((row) => row.length)) }, (_, dataset) => dataset);
    const problems = all.map((dataset) => problemOf(cells.map((_, row) => scoresOf(row, dataset))));
    const ranked = all.filter((dataset) => problems[dataset] === null);
    const values = cells.map((_, row) => ranked.map((dataset) => tieValue(averageOf(scoresOf(row, dataset)))));
    const test = testRanks(values, want);
    const hasDifference = ranked.length >= fewestDatasets && cells.length >= 2;
    const difference = hasDifference ? criticalDifference(alpha, cells.length, ranked.length) : null;
    return {
      ...test,
      averageRanks: ranked.length === 0 ? [] : test.averageRanks,
      criticalDifference: difference,
      cliques: difference === null ? [] : findCliques(test.averageRanks, difference),
      nDatasets: ranked.length,
      notes: [...describeLeftOut(problems), ...(hasDifference ? [] : describeTooFew(ranked.length))],
    };
  },
};

interface RankParams {
  /** [rows][data sets], each the numbers of inputs. */
  readonly cells: readonly (readonly (readonly number[])[])[];
  readonly want: "max" | "min";
}

type Problem = "no score" | "other classes";

function problemOf(rows: readonly (readonly Score[])[]): Problem | null {
  if (rows.some((scores) => scores.length === 0 || scores.some(({ value }) => value === null))) return "no score";
  const classSets = new Set(rows.flat().map(classSetOf));
  return classSets.size > 1 ? "other classes" : null;
}

/** The classes that an average is over. */
function classSetOf({ perClass, classNames }: Score): string {
  return JSON.stringify(perClass === null ? null : classNames.filter((_, index) => perClass[index] !== null));
}

function averageOf(scores: readonly Score[]): number {
  return scores.reduce((sum, { value }) => sum + (value ?? Number.NaN), 0) / scores.length;
}

function describeLeftOut(problems: readonly (Problem | null)[]): readonly string[] {
  const count = (problem: Problem): number => problems.filter((each) => each === problem).length;
  const [without, apart] = [count("no score"), count("other classes")];
  return [
    ...(without > 0 ? [`${String(without)} data sets are not ranked: a row has no score there.`] : []),
    ...(apart > 0 ? [`${String(apart)} data sets are not ranked: rows average over different classes there.`] : []),
  ];
}

function describeTooFew(datasets: number): readonly string[] {
  return [
    `There is no critical difference: it takes ${String(fewestDatasets)} data sets at least, and ${String(datasets)} were ranked.`,
  ];
}
