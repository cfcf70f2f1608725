import type { ExampleSet } from "../artifacts/examples.ts";
import type { OpContext } from "../op-context.ts";
import { countClasses, countKnown } from "./class-counts.ts";
import type { DesignMatrix } from "./design-matrix.ts";
import { minimise } from "./lbfgs.ts";
import { createLogisticLoss, type LogisticProblem } from "./logistic-loss.ts";
import type { Pause } from "./pacer.ts";
import { curvatureScales, scaleObjective } from "./scaled-objective.ts";

export interface LogisticFit {
  readonly design: DesignMatrix;
  readonly examples: ExampleSet;
  /** What each label counts, laid out as the labels are. */
  readonly weights: Float64Array;
  readonly settings: { readonly c: number; readonly maxIterations: number; readonly tolerance: number };
  readonly pause: Pause;
  readonly progress: OpContext["progress"];
}

export interface LinearModel {
  /** [outputs, inputs], row-major. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/** The optimum: of one sigmoid, of one softmax, or of a sigmoid for each label by itself. */
export function fitLogistic(fit: LogisticFit): Promise<LinearModel> {
  return fitters[fit.examples.problem](fit);
}

const fitters: Readonly<Record<ExampleSet["problem"], (fit: LogisticFit) => Promise<LinearModel>>> = {
  binary: (fit) => fitOutputs(fit, { targets: fit.examples.labels.values, weights: fit.weights }, 1),
  "multi-class": fitSoftmax,
  "multi-label": fitEveryLabel,
};

/** One softmax over the classes that training examples have; without a penalty the bias of the others ends at minus infinity. */
async function fitSoftmax(fit: LogisticFit): Promise<LinearModel> {
  const { width } = fit.design;
  const present = [...countClasses(fit.examples).entries()].flatMap(([index, count]) => (count > 0 ? [index] : []));
  const targets = fit.examples.labels.values.map((label) => present.indexOf(label));
  const fitted = await fitOutputs(fit, { targets, weights: fit.weights }, present.length);
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
async function fitEveryLabel(fit: LogisticFit): Promise<LinearModel> {
  const { width, rows } = fit.design;
  const { labels } = fit.examples;
  const known = countKnown(fit.examples);
  const weights = new Float64Array(labels.width * width);
  const bias = new Float64Array(labels.width);
  let iterations = 0;
  let converged = true;
  for (const [label, count] of countClasses(fit.examples).entries()) {
    if (count === 0 || count === known[label]) {
      bias[label] = count === 0 ? -Infinity : Infinity;
      continue;
    }
    const places = Array.from({ length: rows }, (_, row) => row * labels.width + label);
    const truth: Truth = {
      // A flag that is not known has a weight of zero: any target will do.
      targets: Int32Array.from(places, (place) => Math.max(0, labels.values[place]!)),
      weights: Float64Array.from(places, (place) => fit.weights[place]!),
    };
    const progress: LogisticFit["progress"] = (done, total) => fit.progress(label * total + done, labels.width * total);
    const fitted = await fitOutputs({ ...fit, progress }, truth, 1);
    weights.set(fitted.weights, label * width);
    bias[label] = fitted.bias[0]!;
    iterations = Math.max(iterations, fitted.iterations);
    converged &&= fitted.converged;
  }
  return { weights, bias, iterations, converged };
}

type Truth = Pick<LogisticProblem, "targets" | "weights">;

async function fitOutputs(fit: LogisticFit, truth: Truth, outputs: number): Promise<LinearModel> {
  const { design, settings } = fit;
  const loss = createLogisticLoss({ design, outputs, ...truth, c: settings.c });
  const total = truth.weights.reduce((sum, weight) => sum + weight, 0);
  const shares = countsOf(truth, outputs).map((share) => share / total);
  const scales = curvatureScales(design, shares, settings.c * total);
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

/** What the examples with the class of each output count together; a sigmoid's class is 1. */
function countsOf({ targets, weights }: Truth, outputs: number): readonly number[] {
  const counts = Array.from({ length: outputs }, () => 0);
  targets.forEach((target, row) => {
    const output = outputs === 1 ? 0 : target;
    if (outputs > 1 || target === 1) counts[output] = (counts[output] ?? 0) + weights[row]!;
  });
  return counts;
}
