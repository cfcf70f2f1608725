import type { Choice } from "../../../packages/ops/src/artifacts/choice.ts";
import type { Classifier } from "../../../packages/ops/src/artifacts/classifier.ts";
import type { ExampleSet, ProblemKind } from "../../../packages/ops/src/artifacts/examples.ts";
import type { Score } from "../../../packages/ops/src/artifacts/score.ts";
import type { InputValue } from "../../../packages/ops/src/op-context.ts";
import { featuresOf, labelledExamples } from "../run-single-op.ts";
import { given } from "./given.ts";
import type { OpCase, OpCases } from "./lock-op.ts";
import { scoredExamples } from "./metric-cases.ts";

/** Features of an example. */
const width = 3;

/** The points of a search. */
const rates = [0.001, 0.01, 0.1, 1].map((lr) => ({ lr }));

/** What is asked of the heads and of what a search is made of. */
export const headCases: Readonly<Record<string, OpCases>> = {
  knn: {
    "two classes, by default": neighbours("binary", { k: 5 }),
    "three classes, euclidean": neighbours("multi-class", { k: 4, metric: "euclidean", standardise: true }),
    "alike votes": neighbours("binary", { k: 3, vote: "uniform" }),
    "weights over more than vote": neighbours("multi-class", { k: 3, weights_over: 9, temperature: 0.3 }),
  },
  mlknn: {
    "several labels, by default": neighbours("multi-label", { k: 5 }),
    "itself among its neighbours": neighbours("multi-label", { k: 4, counts_itself: true, smoothing: 0.5 }),
    "some flags unknown": withUnknown(neighbours("multi-label", { k: 3, metric: "euclidean", standardise: true })),
  },
  knn_or_mlknn: {
    "two classes": neighbours("binary", { k: 5 }),
    "several labels": neighbours("multi-label", { k: 5 }),
  },
  logistic: {
    "two classes": regression("binary", {}),
    "three classes, as they are": regression("multi-class", { c: 0.3, standardise: false }),
    "several labels": regression("multi-label", { c: 10 }),
    "three classes, balanced": regression("multi-class", { class_weight: "balanced" }),
    "several labels, some flags unknown": withUnknown(regression("multi-label", {})),
  },
  linear: {
    "two classes, by default": training("binary", { lr: 0.1, epochs: 6, batch_size: 8 }),
    "three classes": training("multi-class", {
      ...{ lr: 1e-5, weight_decay: 0.01, epochs: 4, batch_size: 5, schedule: "constant", momentum: 0.5, seed: 3 },
      ...{ keep_epochs: true, standardise: false },
    }),
    "several labels": training("multi-label", { lr: 0.1, epochs: 8, batch_size: 16, stop_at: 0.5 }),
    "three classes, balanced, a sigmoid each": training("multi-class", {
      ...{ lr: 0.1, epochs: 6, batch_size: 8, class_weight: "balanced", scoring: "sigmoid" },
    }),
    "several labels, some flags unknown, summed": withUnknown(
      training("multi-label", { lr: 0.01, epochs: 6, batch_size: 8, class_weight: "balanced", loss_reduction: "sum" }),
    ),
    "stored views": withViews(training("binary", { lr: 0.1, epochs: 6, batch_size: 4 })),
    "no finite loss, in a search": training("binary", { lr: 1e30, weight_decay: 1, epochs: 5, in_search: true }),
  },
  attention: {
    "two classes, in bags, by default": inBags(training("binary", { lr: 0.01, epochs: 4 })),
    "three classes, in bags": inBags(
      training("multi-class", {
        ...{ lr: 0.01, weight_decay: 0.1, hidden: 5, epochs: 4, batch_size: 4, schedule: "constant", seed: 3 },
        ...{ standardise: false },
      }),
    ),
    "several labels, some flags unknown": withUnknown(
      training("multi-label", { lr: 0.01, hidden: 5, epochs: 4, batch_size: 8 }),
    ),
    "stored views": withViews(training("binary", { lr: 0.01, hidden: 5, epochs: 4, batch_size: 4 })),
    "no finite loss, in a search": training("binary", { lr: 1e38, epochs: 3, in_search: true }),
  },
  predict_bags: {
    "two classes, in bags": inBags(attentionPrediction("binary")),
    "three classes": attentionPrediction("multi-class"),
    "several labels, in bags": inBags(attentionPrediction("multi-label")),
    "a fit that cannot be used": attentionPrediction("binary", { unusable: "The loss is not finite." }),
  },
  predict: {
    "two classes": prediction("binary"),
    "three classes": prediction("multi-class"),
    "several labels": prediction("multi-label"),
    "three classes, a sigmoid each": prediction("multi-class", {
      scoring: "sigmoid",
      trainedOn: { examples: 9, groups: 7, perClass: [2, 3, 4] },
    }),
    "a fit that cannot be used": prediction("binary", { unusable: "The loss is not finite." }),
  },
  score_epochs: {
    "the best of three epochs": {
      params: { metric: "accuracy", want: "max" },
      inputs: {
        ...prediction("binary").inputs,
        classifier: given("classifier", {
          ...classifierOf("binary"),
          epochWeights: Float32Array.of(-1, 0, 0, 1, 0, 0, 0.5, 0, 0),
          epochBias: new Float32Array(3),
        }),
      },
    },
  },
  select: {
    "the largest score, on the grid's edge": selection([0.5, 0.7, null, 0.9], { want: "max", stop_at: null }),
    "the first of the smallest, at its best epoch": selection([0.5, 0.2, 0.2, 0.4], {
      want: "min",
      stop_at: "stop_at",
    }),
  },
  chosen: { "what a search chose": { inputs: { choice: given("choice", aChoice()) } } },
  pool: {
    "two folds": {
      inputs: {
        "parts.0": given("predictions", scoredExamples("binary", 4)),
        "parts.1": given("predictions", scoredExamples("binary", 3)),
      },
    },
  },
};

/** Rows whose class is where their largest feature is, with features of very different sizes. */
function problemOf(name: string, problem: ProblemKind, rows: number): { features: InputValue; examples: InputValue } {
  const start = name === "train" ? 1 : 2;
  const values = Array.from(
    { length: rows * width },
    (_, index) => ((((37 * index + 11 * start * start) % 101) - 50) / 25) * 10 ** (index % width) + 4,
  );
  const labels = Array.from({ length: rows }, (_, row) => {
    const scaled = [0, 1, 2].map((column) => ((values[row * width + column] ?? 0) - 4) / 10 ** column);
    if (problem === "multi-label") return scaled.map((value) => (value > 0.3 ? 1 : 0));
    // Not every label is one that a plane could tell: a fit without a penalty would else have no end.
    if (problem === "binary") return [(scaled[0] ?? 0) > 0 !== (row % 7 === 0) ? 1 : 0];
    return [row % 6 === 0 ? 1 : scaled.indexOf(Math.max(...scaled))];
  });
  const examples: ExampleSet = labelledExamples(name, problem, problem === "binary" ? 2 : 3, labels.flat());
  return { features: given("features", featuresOf(examples, width, values)), examples: given("examples", examples) };
}

function neighbours(problem: ProblemKind, params: OpCase["params"] & object): OpCase {
  const { features, examples } = problemOf("train", problem, 24);
  const inputs = { trainFeatures: features, trainExamples: examples, ...problemOf("test", problem, 12) };
  return { params, inputs, isNear: true };
}

function regression(problem: ProblemKind, params: OpCase["params"] & object): OpCase {
  // One step more or less of the optimiser leads to the same optimum.
  return { params, inputs: problemOf("train", problem, 30), isNear: true, leftOut: ["iterations"] };
}

function training(problem: ProblemKind, params: OpCase["params"] & object): OpCase {
  return { params, inputs: problemOf("train", problem, 30), isNear: true };
}

/** Every fifth flag of the training examples is not known. */
function withUnknown(asked: OpCase): OpCase {
  return changeTraining(asked, (set) => {
    const values = set.labels.values.map((flag, index) => (index % 5 === 2 ? -1 : flag));
    return { ...set, labels: { ...set.labels, values } };
  });
}

/** The training examples as three views each of a third as many images. */
function withViews(asked: OpCase): OpCase {
  const recipe = { operations: ["flip"], seed: 0, stored: true };
  return changeTraining(asked, (set) => {
    const examples = set.examples.map((example, row) => {
      const of = `digest of image ${String(Math.floor(row / 3))}`;
      return { ...example, view: { of, index: row % 3, recipe } };
    });
    return { ...set, examples };
  });
}

/** The examples as bags of four, with the label of their first. */
function inBags(asked: OpCase): OpCase {
  return changeTraining(asked, (set) => {
    const { width: flags, values } = set.labels;
    const first = (index: number): number => Math.floor(index / flags / 4) * 4 * flags + (index % flags);
    return {
      ...set,
      examples: set.examples.map((example, row) => ({ ...example, bag: `bag ${String(Math.floor(row / 4))}` })),
      labels: { width: flags, values: values.map((_, index) => values[first(index)] ?? 0) },
    };
  });
}

function changeTraining(asked: OpCase, change: (set: ExampleSet) => ExampleSet): OpCase {
  const name = asked.inputs?.["trainExamples"] === undefined ? "examples" : "trainExamples";
  const examples = asked.inputs?.[name]?.value as ExampleSet;
  return { ...asked, inputs: { ...asked.inputs, [name]: given("examples", change(examples)) } };
}

function prediction(problem: ProblemKind, changed: Partial<Classifier> = {}): OpCase {
  const classifier = given("classifier", { ...classifierOf(problem), ...changed });
  return { inputs: { ...problemOf("test", problem, 12), classifier }, isNear: true };
}

function attentionPrediction(problem: ProblemKind, changed: Partial<Classifier> = {}): OpCase {
  const hidden = 2;
  const weights = (first: number): Float32Array =>
    Float32Array.from({ length: width * hidden }, (_, index) => (((index + first) * 5) % 7) / 4 - 0.75);
  const attention = given("attention", {
    classifier: { ...classifierOf(problem), ...changed },
    ...{ hidden, tanhWeights: weights(0), sigmoidWeights: weights(3), attention: Float32Array.of(1, -2) },
  });
  return { inputs: { ...problemOf("test", problem, 12), attention }, isNear: true };
}

function classifierOf(problem: ProblemKind): Classifier {
  const outputs = problem === "binary" ? 1 : 3;
  return {
    problem,
    classNames: Array.from({ length: problem === "binary" ? 2 : 3 }, (_, index) => `class ${String(index)}`),
    parts: ["pooled"],
    inputs: width,
    outputs,
    mean: Float64Array.of(4, 4, 4),
    deviation: Float64Array.of(1, 10, 100),
    weights: Float64Array.from({ length: outputs * width }, (_, index) => (index % 4) - 1.25),
    bias: Float64Array.from({ length: outputs }, (_, index) => index / 4 - 0.25),
    epochWeights: new Float32Array(),
    epochBias: new Float32Array(),
    unusable: null,
    iterations: 12,
    converged: true,
    notes: ["A note of the fit."],
  };
}

function selection(values: readonly (number | null)[], params: OpCase["params"] & object): OpCase {
  const scores = values.map((value, index) => {
    const notes = value === null ? ["The loss is not finite."] : [];
    const classes = { perClass: null, classNames: [] };
    const score: Score = {
      metric: "auroc",
      value,
      ...classes,
      nExamples: 9,
      nGroups: 9,
      epoch: { best: 3, of: 12 },
      notes,
    };
    return [`scores.${String(index)}`, given("score", score)] as const;
  });
  const range = { points: rates, lowest: { lr: null }, highest: { lr: null } };
  return { params: { ...range, ...params }, inputs: Object.fromEntries(scores) };
}

function aChoice(): Choice {
  const scores = [0.5, 0.7, null, 0.9];
  const notes = ["The choice lies on the edge."];
  return { settings: { lr: 1 }, metric: "auroc", want: "max", points: rates, scores, chosen: 3, notes };
}
