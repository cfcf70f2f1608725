import type { ProblemKind } from "../../../packages/ops/src/artifacts/examples.ts";
import type { Predictions } from "../../../packages/ops/src/artifacts/predictions.ts";
import { given } from "./given.ts";
import type { OpCases } from "./lock-op.ts";

/** What a metric is asked: each problem with tied scores, then its own parameters. */
export function metricCases(name: string): OpCases {
  const asked = (parameterCases[name] ?? []).map((params) => {
    const title = Object.entries(params).map(([key, value]) => `${key} ${String(value)}`);
    const inputs = { predictions: given("predictions", scoredExamples("multi-class", 25)) };
    return [title.join(", "), { params, inputs }] as const;
  });
  return { ...commonCases, ...Object.fromEntries(asked) };
}

const averageCases = [{ average: "micro" }, { average: "weighted" }, { class: "class 2" }];

const parameterCases: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  auroc: [...averageCases, { absent: "zero" }],
  average_precision: averageCases,
  calibration_error: [{ bins: 4 }],
  f1: averageCases,
  kappa: [{ weights: "linear" }, { weights: "quadratic" }],
  precision: averageCases,
  sensitivity: [...averageCases, { specificity: 0.75 }],
  specificity: [...averageCases, { sensitivity: 0.75 }],
  top_k: [{ k: 2 }],
};

const commonCases: OpCases = {
  "two classes": { inputs: { predictions: given("predictions", scoredExamples("binary", 25)) } },
  "three classes": { inputs: { predictions: given("predictions", scoredExamples("multi-class", 25)) } },
  "several labels": { inputs: { predictions: given("predictions", scoredExamples("multi-label", 25)) } },
  "unknown labels": { inputs: { predictions: given("predictions", withUnknown(scoredExamples("multi-label", 25))) } },
  "one class alone": { inputs: { predictions: given("predictions", scoredExamples("binary", 1)) } },
  "no example": { inputs: { predictions: given("predictions", scoredExamples("multi-class", 0)) } },
};

/** Examples in pairs of one patient; scores are multiples of 1/8, so that many are equal and sums of them exact. */
export function scoredExamples(problem: ProblemKind, rows: number): Predictions {
  const classes = problem === "binary" ? 2 : 3;
  const places = Array.from({ length: rows }, (_, row) => row);
  return {
    problem,
    classNames: Array.from({ length: classes }, (_, index) => `class ${String(index)}`),
    ids: places.map((row) => `example ${String(row)}`),
    groups: places.map((row) => (row % 5 === 0 ? null : `patient ${String(Math.floor(row / 2))}`)),
    labels: {
      width: problem === "multi-label" ? classes : 1,
      values: Int32Array.from(places.flatMap((row) => labelsOf(row, problem))),
    },
    scores: Float64Array.from(places.flatMap((row) => scoresOf(row, problem))),
    unusable: null,
    notes: ["A note of the head."],
  };
}

/** Every fourth flag unknown. */
function withUnknown(predictions: Predictions): Predictions {
  const { width, values } = predictions.labels;
  return { ...predictions, labels: { width, values: values.map((flag, place) => (place % 4 === 3 ? -1 : flag)) } };
}

function labelsOf(row: number, problem: ProblemKind): readonly number[] {
  if (problem === "binary") return [row % 3 === 1 ? 1 : 0];
  if (problem === "multi-class") return [(row * row) % 3 === 1 ? row % 3 : (row % 4) % 3];
  return [row % 2, row % 3 === 0 ? 1 : 0, row % 5 < 2 ? 1 : 0];
}

function scoresOf(row: number, problem: ProblemKind): readonly number[] {
  const [first, second] = [(row * row + 5 * row) % 9, (5 * row + 2) % 8];
  if (problem === "binary") return [1 - first / 8, first / 8];
  if (problem === "multi-label") return [first / 8, second / 8, ((row * row) % 7) / 8];
  return [first / 16, second / 16, 1 - (first + second) / 16];
}
