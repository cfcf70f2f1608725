import { OpError } from "../../op-error.ts";
import { elementTypeOf } from "../element-values.ts";
import { listTensors, requireTensor } from "../expose-tensor.ts";
import type { GraphScope, GraphTensor, GraphType } from "../graph-builder.ts";
import { applyModel, chainRewrites } from "../import/apply-model.ts";
import { selectEarly } from "../import/select-early.ts";
import type { Loss } from "../losses/loss.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { cast } from "../operators/conversions.ts";
import type { Optimiser } from "../optimisers/optimiser.ts";
import { batchNormsAs, type BatchNormMode } from "../weights/batch-moments.ts";
import { chooseWeights, type ChosenWeight, type WeightChoice } from "../weights/choose-weights.ts";
import { inPrecision, type Precision } from "../weights/half-precision.ts";
import { listWeights, type ModelWeight } from "../weights/list-weights.ts";
import { lowRankPairs, withLowRank, type LowRankOptions, type LowRankPair } from "../weights/low-rank.ts";
import { findMatrices } from "../weights/matrix-uses.ts";
import type { ForwardPass, NetworkTrainingSpec, ParameterSpec } from "./network-training-spec.ts";
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
  /**
   * What the network is computed in, whatever the file says; by default float32. Weights are float32 in any case, as are the loss
   * and the moments of batch normalisations. With float16 the loss is scaled.
   */
  readonly precision?: Precision;
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

/**
 * @throws OpError `onnx-no-such-output`, `nothing-to-train`; those of `chooseWeights` and `lowRankPairs`. The spec's forward pass
 * throws those of `applyModel`
 */
export function describeModelTraining(options: ModelTrainingOptions): ModelTraining {
  const { model, file, images, features, top, choice, lowRank = null, batchNorms = "frozen" } = options;
  const [first] = images;
  if (first === undefined) throw new Error("A model without inputs cannot be trained.");
  if (!images.some(({ name }) => name === features)) requireTensor(listTensors(model), features, file);
  const weights = listWeights(model, [features]);
  const chosen = choice === null ? [] : chooseWeights(weights, choice, file);
  const pairs = lowRank === null ? [] : lowRankPairs(findMatrices(model, [features]), lowRank, file);
  const moments = batchNorms === "batch" ? weights.filter(({ role }) => role === "moment") : [];
  const parameters: readonly ParameterSpec[] = [
    ...chosen.map((weight) => parameterOf(weight, options)),
    ...pairs.flatMap(({ down, up }) => [down, up].map((matrix) => ({ ...matrix, ...decayOf(options) }))),
    ...(top?.parameters ?? []),
  ];
  if (parameters.length === 0) throw nothingToTrain(file);
  const counts = { name: countsInput, shape: first.shape.slice(0, 1) };
  const spec: NetworkTrainingSpec = {
    ...asAsked(options),
    name: file,
    parameters,
    buffers: moments.map(({ name, shape }) => ({ name, shape })),
    inputs: [],
    batchInputs: [...images, { ...options.truth, name: truthInput }, counts],
    forward: (graph, read) => forward(graph, { options, read, pairs, moving: [...chosen, ...moments] }),
  };
  return { spec, weights: [...chosen, ...moments], pairs };
}

function asAsked(options: ModelTrainingOptions) {
  const { precision, optimiser, parts, largestNorm, repeat, keptActivations } = options;
  return {
    optimiser,
    scalesLoss: precision === "float16",
    ...(parts !== undefined && { parts }),
    ...(largestNorm !== undefined && { largestNorm }),
    ...(repeat !== undefined && { repeat }),
    ...(keptActivations !== undefined && { keptActivations }),
  };
}

function nothingToTrain(file: string): OpError {
  const message = `Of ${file} nothing is trained: all of its weights are frozen, and nothing is put on top of it.`;
  return new OpError("nothing-to-train", message, "Train or add something, or use its features as they are.");
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
  /** Initialisers that are state. */
  readonly moving: readonly ModelWeight[];
}

function forward(graph: GraphScope, call: ForwardCall): ForwardPass {
  const { options, read } = call;
  const { top, precision = "float32" } = options;
  const start = graph.nodes.length;
  const { tensor, moments } = applyTo(graph, call);
  const result = top === null ? tensor : top.predict(graph, castTo(graph, tensor, "float32"), read);
  const of = inPrecision(graph, { nodes: graph.nodes.slice(start), result, precision });
  const prediction = castTo(graph, of(result), "float32");
  const loss = options.loss(graph, { prediction, truth: read(truthInput), counts: read(countsInput) });
  return { loss, buffers: new Map([...moments].map(([name, moment]) => [name, of(moment)])) };
}

/** The features of a model, and the running moments after it, in what the file computes in. */
function applyTo(graph: GraphScope, { options, read, pairs, moving }: ForwardCall) {
  const { model, file, images, features, lowRank = null, batchNorms = "frozen" } = options;
  const [names, moments] = [new Map<string, string>(), new Map<string, GraphTensor>()];
  const types = new Map(moving.map(({ name, type }) => [name, type] as const));
  const tensors = applyModel(graph, model, {
    file,
    inputs: Object.fromEntries(images.map(({ name }) => [name, castTo(graph, read(name), inputType(model, name))])),
    tensors: [features],
    weightOf(name) {
      const type = types.get(name);
      if (type === undefined) return null;
      const tensor = castTo(graph, read(name), type);
      names.set(tensor.name, name);
      return tensor;
    },
    rewrite: chainRewrites(
      // By its tensor, as a function of the file has a name of its own for it.
      batchNormsAs(batchNorms, (before, after) => moments.set(names.get(before.name) ?? "", after)),
      ...(lowRank === null ? [] : [withLowRank(pairs, lowRank, read)]),
    ),
  });
  return { tensor: selectEarly(graph, tensors.get(features)!), moments };
}

/** Another type of floats than ours where the file has one. */
function inputType({ graph }: OnnxModel, name: string): GraphType | null {
  const input = graph.input?.find((each) => each.name === name);
  const type = elementTypeOf(input?.type?.tensorType?.elemType);
  return type?.startsWith("float") === true ? type : null;
}

/** The same values as another type; null for the one that they have. */
function castTo(graph: GraphScope, x: GraphTensor, type: GraphType | null): GraphTensor {
  return type === null || x.type === type ? x : cast(graph, x, type);
}
