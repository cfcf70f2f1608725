import type { Classifier } from "../artifacts/classifier.ts";
import type { ExampleSet } from "../artifacts/examples.ts";
import { inputOf, paramsOf, type OpContext } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { countClasses, describeAbsentClasses, requireTwoClasses } from "./class-counts.ts";
import { notesOfChoice } from "./notes-of-choice.ts";
import { buildDesignMatrix, type DesignMatrix } from "./design-matrix.ts";
import { takePart } from "./feature-part.ts";
import { minimise } from "./lbfgs.ts";
import { createLogisticLoss } from "./logistic-loss.ts";
import { createPacer, type Pause } from "./pacer.ts";
import { curvatureScales, scaleObjective } from "./scaled-objective.ts";
import { fitStandardiser, identityStandardiser } from "./standardiser.ts";

const signature = {
  name: "logistic",
  version: 2,
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
} as const;

/** L2-regularised logistic regression with scikit-learn's objective, fitted to its optimum by our own L-BFGS in float64. */
export const logistic: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const params = paramsOf(signature, context);
    const examples = inputOf(context, "examples", "examples");
    requireTwoClasses(examples);
    const part = takePart(inputOf(context, "features", "features"), examples, params.part);
    const standardiser = params.standardise ? fitStandardiser(part) : identityStandardiser(part.width);
    const fit: Fit = {
      design: buildDesignMatrix(part, standardiser),
      examples,
      settings: { c: params.c, maxIterations: params.max_iterations, tolerance: params.tolerance },
      pause: createPacer(context.signal),
      progress: context.progress,
    };
    const model = await fitters[examples.problem](fit);
    const classifier: Classifier = {
      problem: examples.problem,
      classNames: examples.classNames,
      parts: [part.name],
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
      notes: [
        ...notesOfChoice(context),
        ...describeAbsentClasses(examples),
        ...describeUniversalLabels(examples),
        ...describeEnd(model, fit.settings),
      ],
    };
    return classifier;
  },
};

interface Fit {
  readonly design: DesignMatrix;
  readonly examples: ExampleSet;
  readonly settings: { readonly c: number; readonly maxIterations: number; readonly tolerance: number };
  readonly pause: Pause;
  readonly progress: OpContext["progress"];
}

interface LinearModel {
  /** [outputs, inputs], row-major. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

const fitters: Readonly<Record<ExampleSet["problem"], (fit: Fit) => Promise<LinearModel>>> = {
  binary: (fit) => fitOutputs(fit, fit.examples.labels.values, 1),
  "multi-class": fitSoftmax,
  "multi-label": fitEveryLabel,
};

/** One softmax over the classes that training examples have; without a penalty the bias of the others ends at minus infinity. */
async function fitSoftmax(fit: Fit): Promise<LinearModel> {
  const { width } = fit.design;
  const present = [...countClasses(fit.examples).entries()].flatMap(([index, count]) => (count > 0 ? [index] : []));
  const targets = fit.examples.labels.values.map((label) => present.indexOf(label));
  const fitted = await fitOutputs(fit, targets, present.length);
  const classCount = fit.examples.classNames.length;
  const weights = new Float64Array(classCount * width);
  const bias = new Float64Array(classCount).fill(-Infinity);
  present.forEach((classIndex, output) => {
    weights.set(fitted.weights.subarray(output * width, (output + 1) * width), classIndex * width);
    bias[classIndex] = fitted.bias[output]!;
  });
  return { ...fitted, weights, bias };
}

/** A fit of its own for each label, so that no label's weights depend on which others the data set has. */
async function fitEveryLabel(fit: Fit): Promise<LinearModel> {
  const { width, rows } = fit.design;
  const { labels } = fit.examples;
  const counts = countClasses(fit.examples);
  const weights = new Float64Array(labels.width * width);
  const bias = new Float64Array(labels.width);
  let iterations = 0;
  let converged = true;
  for (const [label, count] of counts.entries()) {
    if (count === 0 || count === rows) {
      bias[label] = count === 0 ? -Infinity : Infinity;
      continue;
    }
    const targets = Int32Array.from({ length: rows }, (_, row) => labels.values[row * labels.width + label]!);
    const progress: Fit["progress"] = (done, total) => fit.progress(label * total + done, labels.width * total);
    const fitted = await fitOutputs({ ...fit, progress }, targets, 1);
    weights.set(fitted.weights, label * width);
    bias[label] = fitted.bias[0]!;
    iterations = Math.max(iterations, fitted.iterations);
    converged &&= fitted.converged;
  }
  return { weights, bias, iterations, converged };
}

async function fitOutputs(fit: Fit, targets: Int32Array, outputs: number): Promise<LinearModel> {
  const { design, settings } = fit;
  const loss = createLogisticLoss({ design, outputs, targets, c: settings.c });
  const scales = curvatureScales(design, sharesOf(targets, outputs), settings.c);
  const minimum = await minimise(scaleObjective(loss, scales), {
    maxIterations: settings.maxIterations,
    tolerance: settings.tolerance,
    pause: fit.pause,
    progress: (iteration) => fit.progress(iteration, settings.maxIterations),
  });
  const point = minimum.point.map((value, index) => value * scales[index]!);
  const weightCount = outputs * design.width;
  return {
    weights: point.slice(0, weightCount),
    bias: point.slice(weightCount),
    iterations: minimum.iterations,
    converged: minimum.converged,
  };
}

/** The share of examples with the class of each output; a sigmoid's class is 1. */
function sharesOf(targets: Int32Array, outputs: number): readonly number[] {
  const counts = Array.from({ length: outputs }, () => 0);
  for (const target of targets) {
    const output = outputs === 1 ? 0 : target;
    if (outputs > 1 || target === 1) counts[output] = (counts[output] ?? 0) + 1;
  }
  return counts.map((count) => count / targets.length);
}

function describeUniversalLabels(examples: ExampleSet): readonly string[] {
  if (examples.problem !== "multi-label") return [];
  return countClasses(examples).flatMap((count, label) =>
    count === examples.examples.length
      ? [
          `Every training example has label "${examples.classNames[label] ?? ""}": its probability is 1 for every example.`,
        ]
      : [],
  );
}

function describeEnd(model: LinearModel, settings: Fit["settings"]): readonly string[] {
  if (model.converged) return [];
  const [reason, advice] =
    model.iterations >= settings.maxIterations
      ? [`${String(settings.maxIterations)} iterations were not enough`, "Raise max_iterations, or lower c"]
      : ["rounding left no step that lowers the loss", "Raise tolerance, standardise the features, or lower c"];
  return [`The logistic regression (c = ${String(settings.c)}) did not converge: ${reason}. ${advice}.`];
}
