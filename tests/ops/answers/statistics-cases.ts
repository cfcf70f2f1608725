import type { Resamples } from "../../../packages/ops/src/artifacts/resamples.ts";
import type { Score } from "../../../packages/ops/src/artifacts/score.ts";
import { given } from "./given.ts";
import type { OpCases } from "./lock-op.ts";
import { scoredExamples } from "./metric-cases.ts";

const sampling = { resamples: 64, seed: 3 };
const auroc = { metric: "auroc", settings: { average: "macro", class: null, absent: "skip" } };
const predictions = given("predictions", scoredExamples("binary", 25));

/** Two cells of one answer, one of two draws, and the difference of two. */
const cells = [
  { answers: [{ input: 0, draw: null }] },
  { answers: [{ input: 1, draw: null }] },
  {
    answers: [
      { input: 0, draw: 0 },
      { input: 1, draw: 1 },
    ],
  },
  { apply: "difference", of: [{ answers: [{ input: 0, draw: null }] }, { answers: [{ input: 1, draw: null }] }] },
];

/** What is asked of the ops behind intervals, tests and ranks. */
export const statisticsCases: Readonly<Record<string, OpCases>> = {
  resample: {
    auroc: { params: { ...auroc, ...sampling }, inputs: { predictions } },
    accuracy: { params: { metric: "accuracy", settings: {}, ...sampling }, inputs: { predictions }, isNear: true },
  },
  compare: {
    "the largest is best": {
      params: { ...auroc, ...sampling, cells, want: "max" },
      inputs: { "resamples.0": given("resamples", resampled(0.8)), "resamples.1": given("resamples", resampled(0.7)) },
      isNear: true,
    },
    "none is best": {
      params: { ...auroc, ...sampling, cells: cells.slice(0, 1), want: null },
      inputs: { "resamples.0": given("resamples", resampled(0.8)) },
      isNear: true,
    },
  },
  delong: {
    "patients with two images": {
      params: { metrics: [auroc, auroc], cells: cells.slice(0, 2), want: "max" },
      inputs: {
        "predictions.0": predictions,
        "predictions.1": given("predictions", {
          ...scoredExamples("binary", 25),
          scores: scoredExamples("binary", 25).scores.map((score, place) => (place % 3 === 0 ? 1 - score : score)),
        }),
      },
      isNear: true,
    },
  },
  rank: {
    "three rows on eight data sets": {
      params: {
        cells: [0, 1, 2].map((row) => Array.from({ length: 8 }, (_, column) => [8 * row + column])),
        want: "max",
      },
      inputs: Object.fromEntries(
        Array.from({ length: 24 }, (_, input) => [`scores.${String(input)}`, given("score", scoreOf(input))]),
      ),
      isNear: true,
    },
  },
};

/** Values around the middle, a few of them equal, on 64 resamples. */
function resampled(middle: number): Resamples {
  return {
    metric: "auroc",
    values: Float64Array.from({ length: 64 }, (_, place) => middle + (((place * 7) % 23) - 11) / 256),
    jackknife: Float64Array.from({ length: 13 }, (_, place) => middle + (((place * 5) % 13) - 6) / 512),
    value: middle,
    nExamples: 25,
    nGroups: 13,
    examples: "0123456789abcdef".repeat(4),
    undefinedCount: 0,
    notes: [],
  };
}

function scoreOf(input: number): Score {
  const [row, column] = [Math.floor(input / 8), input % 8];
  return {
    metric: "auroc",
    value: (12 - 2 * row + ((column * 3 + row) % 4)) / 16,
    perClass: null,
    classNames: [],
    nExamples: 25,
    nGroups: 25,
    epoch: null,
    notes: [],
  };
}
