import type { AttentionClassifier } from "../../artifacts/attention.ts";
import type { Classifier } from "../../artifacts/classifier.ts";
import type { ExampleSet } from "../../artifacts/examples.ts";
import { constantSchedule } from "../../onnx/schedules/constant.ts";
import { cosineSchedule } from "../../onnx/schedules/cosine.ts";
import { paramsOf, type OpContext } from "../../op-context.ts";
import { OpError } from "../../op-error.ts";
import type { ParamsOf, SingleOp } from "../../op.ts";
import { randomStream } from "../../runtime/random.ts";
import { gatherBags } from "../bags.ts";
import { countClasses, requireTwoClasses } from "../class-counts.ts";
import { takePart, type FeaturePart } from "../feature-part.ts";
import { notedData } from "../head-data.ts";
import { orderViews, shuffledRows, viewRows } from "../linear/shuffle.ts";
import { fitStandardiser, identityStandardiser, type Standardiser } from "../standardiser.ts";
import { trainingRecord } from "../training-record.ts";
import { viewsPerImage } from "../views.ts";
import { parameterShapes, type AttentionSizes } from "./attention-network.ts";
import { attentionSignature } from "./attention-signature.ts";
import { standardiseRows } from "./standardise-rows.ts";
import { trainAttention, type AttentionPlan, type AttentionWeights } from "./train-attention.ts";

type AttentionParams = ParamsOf<typeof attentionSignature.params>;

/**
 * Attention-based pooling with a gate, on frozen features. The loss of a batch is the mean over its bags of a softmax's
 * cross-entropy, or of the mean over the labels of their binary ones; a flag that is not known has none.
 */
export const attention: SingleOp = {
  shape: "single",
  signature: attentionSignature,
  deterministic: true,
  libraries: ["onnxruntime-node"],
  run: async (context): Promise<AttentionClassifier> => {
    const params = paramsOf(attentionSignature, context);
    const { features, examples: images } = notedData(context);
    const { examples, rows } = gatherBags(images);
    requireTwoClasses(examples);
    try {
      const part = takePart(features, images, params.part);
      const standardiser = params.standardise ? fitStandardiser(part) : identityStandardiser(part.width);
      const sizes = { inputs: part.width, hidden: params.hidden, outputs: outputsOf(examples) };
      const { weights, losses } = await trainAttention(
        {
          values: standardiseRows(part, standardiser),
          bags: rows,
          loss: examples.problem === "multi-class" ? "softmax" : "sigmoid",
          targets: examples.labels.values,
        },
        planOf(examples, sizes, params),
        context,
      );
      if (weights === null) throw lossNotFinite(params);
      return fittedHead({ weights, steps: losses.length, part, standardiser, examples, params, context });
    } catch (error) {
      const passesOver = ["part-unknown", "loss-not-finite"];
      if (params.in_search !== true || !(error instanceof OpError) || !passesOver.includes(error.code)) throw error;
      return unusableHead(examples, error.message);
    }
  },
};

function outputsOf({ problem, classNames }: ExampleSet): number {
  return problem === "binary" ? 1 : classNames.length;
}

function planOf(examples: ExampleSet, sizes: AttentionSizes, params: AttentionParams): AttentionPlan {
  const { seed, epochs, lr } = params;
  const views = viewsPerImage(examples);
  const bags = examples.examples.length / views;
  const batchSize = Math.min(params.batch_size, bags);
  const steps = epochs * Math.ceil(bags / batchSize);
  const factorAt = params.schedule === "cosine" ? cosineSchedule(steps) : constantSchedule;
  const viewOrder = orderViews(bags, views, seed);
  return {
    sizes,
    epochs,
    batchSize,
    order: (epoch) => viewRows(shuffledRows(bags, seed, epoch), viewOrder, epoch),
    bagsPerEpoch: bags,
    rateAt: (step) => lr * factorAt(step),
    weightDecay: params.weight_decay,
    start: drawStart(sizes, seed),
  };
}

/** Uniform within one over the root of what a layer takes, either way, as torch's Linear starts; biases at zero. */
export function drawStart(sizes: AttentionSizes, seed: number): AttentionWeights {
  const draw = (name: keyof AttentionWeights, takes: number): Float32Array => {
    const count = parameterShapes(sizes)[name].reduce((product: number, size) => product * size, 1);
    const { uniform } = randomStream(seed, "attention", name);
    const reach = 1 / Math.sqrt(takes);
    return Float32Array.from({ length: count }, () => reach * (2 * uniform() - 1));
  };
  return {
    tanh: draw("tanh", sizes.inputs),
    sigmoid: draw("sigmoid", sizes.inputs),
    attention: draw("attention", sizes.hidden),
    weights: draw("weights", sizes.inputs),
    bias: new Float32Array(sizes.outputs),
  };
}

interface Fitted {
  readonly weights: AttentionWeights;
  readonly steps: number;
  readonly part: FeaturePart;
  readonly standardiser: Standardiser;
  /** One per bag and view. */
  readonly examples: ExampleSet;
  readonly params: AttentionParams;
  readonly context: OpContext;
}

function fittedHead({ weights, steps, part, standardiser, examples, params, context }: Fitted): AttentionClassifier {
  const classifier: Classifier = {
    problem: examples.problem,
    classNames: examples.classNames,
    parts: [part.name],
    inputs: part.width,
    outputs: outputsOf(examples),
    ...standardiser,
    weights: Float64Array.from(weights.weights),
    bias: Float64Array.from(weights.bias),
    epochWeights: new Float32Array(),
    epochBias: new Float32Array(),
    unusable: null,
    iterations: steps,
    converged: true,
    ...trainingRecord(context, examples, describeMissing(examples)),
  };
  return {
    classifier,
    hidden: params.hidden,
    tanhWeights: weights.tanh,
    sigmoidWeights: weights.sigmoid,
    attention: weights.attention,
  };
}

/** A point of a search that could not be fitted: an answer, so that the search can pass it over. */
function unusableHead(examples: ExampleSet, unusable: string): AttentionClassifier {
  const [none, nothing] = [new Float64Array(), new Float32Array()];
  const outputs = outputsOf(examples);
  const classifier: Classifier = {
    problem: examples.problem,
    classNames: examples.classNames,
    ...{ parts: [], inputs: 0, outputs, mean: none, deviation: none, weights: none, bias: new Float64Array(outputs) },
    ...{ epochWeights: nothing, epochBias: nothing, unusable, iterations: 0, converged: false, notes: [] },
  };
  return { classifier, hidden: 0, tanhWeights: nothing, sigmoidWeights: nothing, attention: nothing };
}

function lossNotFinite({ lr, weight_decay: decay }: AttentionParams): OpError {
  return new OpError(
    "loss-not-finite",
    `The loss of the attention head (lr ${String(lr)}, weight_decay ${String(decay)}) is not finite: its steps are too large.`,
    "Lower lr or weight_decay, or standardise the features.",
  );
}

function describeMissing(examples: ExampleSet): readonly string[] {
  return countClasses(examples).flatMap((count, index) =>
    count === 0 ? [`No training example has class "${examples.classNames[index] ?? ""}".`] : [],
  );
}
