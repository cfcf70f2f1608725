import type { Classifier } from "../../artifacts/classifier.ts";
import type { ExampleSet } from "../../artifacts/examples.ts";
import type { FeatureMatrix } from "../../artifacts/features.ts";
import { constantSchedule } from "../../onnx/schedules/constant.ts";
import { cosineSchedule } from "../../onnx/schedules/cosine.ts";
import type { Schedule } from "../../onnx/schedules/schedule.ts";
import { paramsOf, type FusedContext } from "../../op-context.ts";
import { OpError } from "../../op-error.ts";
import { libraryNames, type FusedAnswer, type FusedOp, type ParamsOf } from "../../op.ts";
import { rowWidth } from "../../rows.ts";
import { trainWithTfjs } from "../../runtime/train-with-tfjs.ts";
import { countClasses, requireTwoClasses } from "../class-counts.ts";
import { labelWeights } from "../class-weights.ts";
import { columnsOf, requireRowsOf } from "../feature-part.ts";
import { headData } from "../head-data.ts";
import { trainingRecord } from "../training-record.ts";
import { viewsPerImage } from "../views.ts";
import { choosePartNames } from "./feature-columns.ts";
import { linearSignature } from "./linear-signature.ts";
import { drawWeights, orderViews, shuffledRows, viewRows } from "./shuffle.ts";
import { columnStatistics } from "./column-statistics.ts";
import type { TrainedHead, TrainHeads, TrainingExamples, TrainingPlan } from "./trainer.ts";
import { trainWithOnnx } from "./train-with-onnx.ts";

type LinearParams = ParamsOf<typeof linearSignature.params>;

/** One line per engine. */
const engines: Readonly<Record<LinearParams["engine"], TrainHeads>> = { onnx: trainWithOnnx, tfjs: trainWithTfjs };

/** By the steps of the whole training. One line per schedule. */
const schedules: Readonly<Record<LinearParams["schedule"], (steps: number) => Schedule>> = {
  cosine: cosineSchedule,
  constant: () => constantSchedule,
};

/** Which of them are there decides which one trains. */
const tfjsPackages = libraryNames.filter((name) => name.startsWith("@tensorflow/"));

/**
 * The linear probe. The loss of a batch is the mean (or the sum) over its examples of a softmax's cross-entropy, or of the mean over
 * the labels of their binary ones. Class weights multiply an example's loss (several labels: each label's), and a flag that is not
 * known has none; neither changes what is divided by, so that no example counts more for those it shares a batch with. Heads that differ in rate and decay alone are trained together over one pass of the features, each with
 * the bits that it has alone.
 */
export const linear: FusedOp = {
  shape: "fused",
  signature: linearSignature,
  fusedOver: ["lr", "weight_decay"],
  // Even the widest blocks hold more; but what two cores share is a grid of a block or two.
  fewestInCall: 4,
  deterministic: true,
  libraries: ["onnxruntime-node", ...tfjsPackages],
  librariesFor: ({ engine }) => {
    if (engine === "onnx") return ["onnxruntime-node"];
    // Where a search is still to choose the engine, it may be either.
    return engine === "tfjs" ? tfjsPackages : ["onnxruntime-node", ...tfjsPackages];
  },
  run: async (context): Promise<readonly FusedAnswer[]> => {
    const params = paramsOf(linearSignature, context);
    const { features, examples } = headData(context, params.pooling);
    requireTwoClasses(examples);
    requireRowsOf(features, examples);
    const members = context.members.map((member) => paramsOf(linearSignature, { params: member }));
    try {
      const fit = prepareFit(features, examples, params);
      const heads = await engines[params.engine](
        { ...fit, heads: members.map(({ lr, weight_decay }) => ({ learningRate: lr, weightDecay: weight_decay })) },
        { signal: context.signal, progress: context.progress },
      );
      return heads.map((head, index) => answerOf(head, { fit, examples, params: members[index]!, context }));
    } catch (error) {
      if (params.in_search !== true || !(error instanceof OpError) || error.code !== "part-unknown") throw error;
      return members.map(() => ({ value: unusableClassifier(examples, error.message) }));
    }
  },
};

interface Fit {
  readonly parts: readonly string[];
  readonly examples: TrainingExamples;
  readonly plan: TrainingPlan;
}

function prepareFit(features: FeatureMatrix, set: ExampleSet, params: LinearParams): Fit {
  const parts = choosePartNames(features.layout, params);
  const columns = columnsOf(features.layout, parts);
  const inputs = columns.reduce((sum, { length }) => sum + length, 0);
  const outputs = set.problem === "binary" ? 1 : set.classNames.length;
  const rows = set.examples.length;
  const matrix = { rows, values: features.data, rowWidth: rowWidth(features.layout), columns };
  const views = viewsPerImage(set);
  const images = rows / views;
  const steps = params.epochs * Math.ceil(images / params.batch_size);
  const weights = labelWeights(set, params.class_weight);
  return {
    parts,
    examples: {
      ...matrix,
      ...columnStatistics(matrix, { parts, set, standardise: params.standardise }),
      loss: set.problem === "multi-class" ? "softmax" : "sigmoid",
      outputs,
      // A flag that is not known has a weight of zero: any target will do.
      targets: set.labels.values.map((label) => Math.max(0, label)),
      ...(weights !== null && { weights: Float32Array.from(weights) }),
    },
    plan: {
      epochs: params.epochs,
      batchSize: params.batch_size,
      order: orderOf(images, views, params.seed),
      rowsPerEpoch: images,
      reduction: reductionFor(params.loss_reduction, set),
      rateFactor: schedules[params.schedule](steps),
      momentum: params.momentum,
      steps: Math.max(1, Math.round(steps * (typeof params.stop_at === "number" ? params.stop_at : 1))),
      initialWeights: drawWeights(inputs * outputs, params.seed),
      keepEpochs: params.keep_epochs === true,
    },
  };
}

/** Every image once an epoch: as it is, or by one of its stored views. */
function orderOf(images: number, views: number, seed: number): TrainingPlan["order"] {
  if (views === 1) return (epoch) => shuffledRows(images, seed, epoch);
  const viewOrder = orderViews(images, views, seed);
  return (epoch) => viewRows(shuffledRows(images, seed, epoch), viewOrder, epoch);
}

function reductionFor(wanted: LinearParams["loss_reduction"], { problem }: ExampleSet): "mean" | "sum" {
  if (wanted === "sum_of_labels") return problem === "multi-label" ? "sum" : "mean";
  return wanted;
}

interface Trained {
  readonly fit: Fit;
  readonly examples: ExampleSet;
  readonly params: LinearParams;
  readonly context: FusedContext;
}

function answerOf(head: TrainedHead, { fit, examples, params, context }: Trained): FusedAnswer {
  if (!head.isFinite) {
    const settings = `lr ${String(params.lr)}, weight_decay ${String(params.weight_decay)}`;
    const message = `The loss of the linear head (${settings}) is not finite: its steps are too large.`;
    if (params.in_search === true) return { value: unusableClassifier(examples, message) };
    return {
      failure: new OpError("loss-not-finite", message, "Lower lr or weight_decay, or standardise the features."),
    };
  }
  const { mean, deviation, outputs } = fit.examples;
  const classifier: Classifier = {
    ...classesOf(examples),
    parts: fit.parts,
    pooling: params.pooling,
    inputs: mean.length,
    outputs,
    mean: Float64Array.from(mean),
    deviation: Float64Array.from(deviation),
    weights: Float64Array.from(head.weights.weights),
    bias: Float64Array.from(head.weights.bias),
    ...(examples.problem === "multi-class" && params.scoring === "sigmoid" && { scoring: params.scoring }),
    epochWeights: joined(head.epochs.map(({ weights }) => weights)),
    epochBias: joined(head.epochs.map(({ bias }) => bias)),
    unusable: null,
    iterations: fit.plan.steps,
    converged: true,
    ...trainingRecord(context, examples, describeMissing(examples)),
  };
  return { value: classifier };
}

/** A point of a search that could not be fitted: an answer, so that the search can pass it over. */
function unusableClassifier(examples: ExampleSet, unusable: string): Classifier {
  const outputs = examples.problem === "binary" ? 1 : examples.classNames.length;
  const none = new Float64Array();
  return {
    ...classesOf(examples),
    ...{ parts: [], inputs: 0, outputs, mean: none, deviation: none, weights: none, bias: new Float64Array(outputs) },
    ...{ epochWeights: new Float32Array(), epochBias: new Float32Array(), unusable },
    ...{ iterations: 0, converged: false, notes: [] },
  };
}

function classesOf({ problem, classNames }: ExampleSet): Pick<Classifier, "problem" | "classNames"> {
  return { problem, classNames };
}

function describeMissing(examples: ExampleSet): readonly string[] {
  return countClasses(examples).flatMap((count, index) =>
    count === 0 ? [`No training example has class "${examples.classNames[index] ?? ""}".`] : [],
  );
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(arrays.reduce((length, array) => length + array.length, 0));
  let offset = 0;
  for (const array of arrays) {
    whole.set(array, offset);
    offset += array.length;
  }
  return whole;
}
