import type { Classifier } from "../artifacts/classifier.ts";
import type { ExampleSet } from "../artifacts/examples.ts";
import { paramsOf } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { countClasses, countKnown, describeAbsentClasses, requireTwoClasses } from "./class-counts.ts";
import { classWeightParam, labelWeights } from "./class-weights.ts";
import { headData, poolingParams } from "./head-data.ts";
import { buildDesignMatrix } from "./design-matrix.ts";
import { takePart } from "./feature-part.ts";
import { fitLogistic, type LinearModel, type LogisticFit } from "./logistic-fit.ts";
import { createPacer } from "./pacer.ts";
import { fitStandardiser, identityStandardiser } from "./standardiser.ts";
import { trainingRecord } from "./training-record.ts";

const signature = {
  name: "logistic",
  version: 4,
  summary: "Logistic regression with an L2 penalty: sigmoid, softmax or one sigmoid per label, as the labels ask.",
  use: "constructor",
  role: "head",
  params: {
    c: {
      type: "number",
      summary: "Weight of the summed losses against half the sum of squared weights, as scikit-learn's C.",
      min: 1e-12,
      default: 1,
    },
    standardise: {
      type: "boolean",
      summary: "Bring every feature to mean 0 and deviation 1 over the training split before the fit.",
      default: true,
    },
    max_iterations: {
      type: "integer",
      summary: "Most iterations of L-BFGS; a fit that needs more is noted under the table.",
      min: 1,
      default: 5000,
    },
    tolerance: {
      type: "number",
      summary:
        "The fit is done when the largest entry of the scaled gradient has fallen to this share of what it was at zero.",
      min: 1e-12,
      max: 0.1,
      default: 1e-10,
    },
    class_weight: classWeightParam,
    ...poolingParams,
    part: {
      type: "string",
      summary: "The part of the features to fit on; by default the backbone's own choice.",
      default: null,
    },
  },
  inputs: {
    features: { kind: "features", split: "train", summary: "Features of the training split." },
    examples: { kind: "examples", split: "train", summary: "Labels of the training split." },
  },
  output: "classifier",
  facts: { takesParts: { named: "part" } },
} as const;

/**
 * L2-regularised logistic regression with scikit-learn's objective, fitted to its optimum by our own L-BFGS in float64. Each
 * label of several is fitted on the examples whose flag is known; features are standardised over all of them.
 */
export const logistic: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const params = paramsOf(signature, context);
    const { features, examples } = headData(context, params.pooling);
    requireTwoClasses(examples);
    const part = takePart(features, examples, params.part);
    const standardiser = params.standardise ? fitStandardiser(part) : identityStandardiser(part.width);
    const fit: LogisticFit = {
      design: buildDesignMatrix(part, standardiser),
      examples,
      weights: labelWeights(examples, params.class_weight) ?? new Float64Array(examples.labels.values.length).fill(1),
      settings: { c: params.c, maxIterations: params.max_iterations, tolerance: params.tolerance },
      pause: createPacer(context.signal),
      progress: context.progress,
    };
    const model = await fitLogistic(fit);
    const classifier: Classifier = {
      problem: examples.problem,
      classNames: examples.classNames,
      parts: [part.name],
      pooling: params.pooling,
      inputs: part.width,
      outputs: model.bias.length,
      ...standardiser,
      weights: model.weights,
      bias: model.bias,
      epochWeights: new Float32Array(),
      epochBias: new Float32Array(),
      unusable: null,
      iterations: model.iterations,
      converged: model.converged,
      ...trainingRecord(context, examples, [
        ...describeAbsentClasses(examples),
        ...describeUniversalLabels(examples),
        ...describeEnd(model, fit.settings),
      ]),
    };
    return classifier;
  },
};

function describeUniversalLabels(examples: ExampleSet): readonly string[] {
  if (examples.problem !== "multi-label") return [];
  const known = countKnown(examples);
  return countClasses(examples).flatMap((count, label) =>
    count > 0 && count === known[label]
      ? [
          `Every training example has label "${examples.classNames[label] ?? ""}": its probability is 1 for every example.`,
        ]
      : [],
  );
}

function describeEnd(model: LinearModel, settings: LogisticFit["settings"]): readonly string[] {
  if (model.converged) return [];
  const [reason, advice] =
    model.iterations >= settings.maxIterations
      ? [`${String(settings.maxIterations)} iterations were not enough`, "Raise max_iterations, or lower c"]
      : ["rounding left no step that lowers the loss", "Raise tolerance, standardise the features, or lower c"];
  return [`The logistic regression (c = ${String(settings.c)}) did not converge: ${reason}. ${advice}.`];
}
