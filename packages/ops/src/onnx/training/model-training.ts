import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { applyModel, chainRewrites } from "../import/apply-model.ts";
import type { Loss } from "../losses/loss.ts";
import type { OnnxModel } from "../onnx-model.ts";
import type { Optimiser } from "../optimisers/optimiser.ts";
import { batchNormsAs, type BatchNormMode } from "../weights/batch-moments.ts";
import { chooseWeights, type ChosenWeight, type WeightChoice } from "../weights/choose-weights.ts";
import { listWeights, type ModelWeight } from "../weights/list-weights.ts";
import { lowRankPairs, withLowRank, type LowRankOptions, type LowRankPair } from "../weights/low-rank.ts";
import { findMatrices } from "../weights/matrix-uses.ts";
import type { NetworkTrainingSpec, ParameterSpec } from "./network-training-spec.ts";
import type { ReadTensor, TensorSpec } from "./steps.ts";

/** What is put on top of a model's tensor: parameters of its own, and what it predicts with them. */
export interface NetworkTop {
  readonly parameters: readonly ParameterSpec[];
  readonly predict: (graph: GraphScope, features: GraphTensor, read: ReadTensor) => GraphTensor;
}

/** The training of a model from a file, or of parts of it. */
export interface ModelTrainingOptions extends Pick<
  NetworkTrainingSpec,
  "parts" | "largestNorm" | "repeat" | "keptActivations"
> {
  readonly model: OnnxModel;
  /** The model's name, for messages. */
  readonly file: string;
  /** The model's inputs for one part of a batch: all sizes are known. */
  readonly images: readonly TensorSpec[];
  /** The output or inner tensor that goes on into `top`. */
  readonly features: string;
  /** Null: the tensor itself is the prediction. */
  readonly top: NetworkTop | null;
  readonly loss: Loss;
  /** Of one part of a batch, under the name `truth`. */
  readonly truth: Omit<TensorSpec, "name">;
  /** Null: no weight of the model moves. */
  readonly choice: WeightChoice | null;
  readonly lowRank?: LowRankOptions | null;
  readonly batchNorms?: BatchNormMode;
  /** Of the weights of which no group says otherwise. */
  readonly weightDecay?: number;
  readonly optimiser: Optimiser;
}

export interface ModelTraining {
  readonly spec: NetworkTrainingSpec;
  /** Initialisers of the model that are state: parameters and running moments. */
  readonly weights: readonly ModelWeight[];
  readonly pairs: readonly LowRankPair[];
}

/** What the truth and the counts of a part of a batch are called. */
export const truthInput = "truth";
export const countsInput = "counts";

/** @throws OpError of `applyModel`, `chooseWeights` and `lowRankPairs` */
export function describeModelTraining(options: ModelTrainingOptions): ModelTraining {
  const { model, file, features, top, choice, lowRank = null, batchNorms = "frozen" } = options;
  const weights = listWeights(model, [features]);
  const chosen = choice === null ? [] : chooseWeights(weights, choice, file);
  const pairs = lowRank === null ? [] : lowRankPairs(findMatrices(model), lowRank, file);
  const moments = batchNorms === "batch" ? weights.filter(({ role }) => role === "moment") : [];
  const [first] = options.images;
  if (first === undefined) throw new Error("A model without inputs cannot be trained.");
  const spec: NetworkTrainingSpec = {
    name: file,
    parameters: [
      ...chosen.map((weight) => parameterOf(weight, options)),
      ...pairs.flatMap(({ down, up }) => [down, up].map((matrix) => ({ ...matrix, ...decayOf(options) }))),
      ...(top?.parameters ?? []),
    ],
    buffers: moments.map(({ name, shape }) => ({ name, shape })),
    inputs: [],
    batchInputs: [
      ...options.images,
      { ...options.truth, name: truthInput },
      { name: countsInput, shape: first.shape.slice(0, 1) },
    ],
    forward: (graph, read) =>
      forward(graph, { options, read, pairs, moving: new Set([...chosen, ...moments].map(({ name }) => name)) }),
    optimiser: options.optimiser,
    ...(options.parts !== undefined && { parts: options.parts }),
    ...(options.largestNorm !== undefined && { largestNorm: options.largestNorm }),
    ...(options.repeat !== undefined && { repeat: options.repeat }),
    ...(options.keptActivations !== undefined && { keptActivations: options.keptActivations }),
  };
  return { spec, weights: [...chosen, ...moments], pairs };
}

function parameterOf(
  { name, shape, rateFactor, weightDecay }: ChosenWeight,
  options: ModelTrainingOptions,
): ParameterSpec {
  return { name, shape, rateFactor, ...(weightDecay === null ? decayOf(options) : { weightDecay }) };
}

function decayOf({ weightDecay = 0 }: ModelTrainingOptions): Pick<ParameterSpec, "weightDecay"> {
  return { weightDecay };
}

interface ForwardCall {
  readonly options: ModelTrainingOptions;
  readonly read: ReadTensor;
  readonly pairs: readonly LowRankPair[];
  readonly moving: ReadonlySet<string>;
}

function forward(graph: GraphScope, { options, read, pairs, moving }: ForwardCall) {
  const { model, file, images, features, top, lowRank = null, batchNorms = "frozen" } = options;
  const buffers = new Map<string, GraphTensor>();
  const results = applyModel(graph, model, {
    file,
    inputs: Object.fromEntries(images.map(({ name }) => [name, read(name)])),
    tensors: [features],
    weightOf: (name) => (moving.has(name) ? read(name) : null),
    rewrite: chainRewrites(
      batchNormsAs(batchNorms, (name, moment) => buffers.set(name, moment)),
      ...(lowRank === null ? [] : [withLowRank(pairs, lowRank, read)]),
    ),
  });
  const tensor = results.get(features)!;
  const prediction = top === null ? tensor : top.predict(graph, tensor, read);
  const loss = options.loss(graph, { prediction, truth: read(truthInput), counts: read(countsInput) });
  return { loss, buffers };
}
