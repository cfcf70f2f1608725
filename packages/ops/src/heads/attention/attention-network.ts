import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import { crossEntropyLoss } from "../../onnx/losses/cross-entropy-loss.ts";
import type { LossParts } from "../../onnx/losses/loss.ts";
import { sigmoid, softmax, softplus, tanh } from "../../onnx/operators/activations.ts";
import { add, multiply, subtract } from "../../onnx/operators/arithmetic.ts";
import { transpose } from "../../onnx/operators/layout.ts";
import { linear, matMul } from "../../onnx/operators/products.ts";
import { mean, sum } from "../../onnx/operators/reductions.ts";
import { adamW } from "../../onnx/optimisers/adam-w.ts";
import { freeDimension } from "../../onnx/shapes.ts";
import type { NetworkTrainingSpec } from "../../onnx/training/network-training-spec.ts";
import type { ReadTensor } from "../../onnx/training/steps.ts";

export interface AttentionSizes {
  /** Features of a row. */
  readonly inputs: number;
  readonly hidden: number;
  /** Classes (softmax), labels, or 1 for a binary problem (sigmoid). */
  readonly outputs: number;
}

export interface AttentionTrainingOptions extends AttentionSizes {
  readonly loss: "softmax" | "sigmoid";
  readonly weightDecay: number;
}

/** Added to the score of a row in a bag that it is not of: no share of a softmax is left of it. */
export const outsideBag = -1e30;

/** The shapes of what is trained, by name. */
export function parameterShapes({ inputs, hidden, outputs }: AttentionSizes) {
  return {
    tanh: [inputs, hidden],
    sigmoid: [inputs, hidden],
    attention: [hidden, 1],
    weights: [outputs, inputs],
    bias: [outputs],
  } as const;
}

export const optimiser = adamW();

/**
 * The training of the head, a step per call. The rows of all bags of a batch lie one below the other, whichever sizes they
 * have, so that nothing is padded. Batch inputs: `rows` [rows, inputs]; `membership` [bags, rows], 0 where the row is of the
 * bag and `outsideBag` elsewhere; `counts` [bags], ones; `truth`: class numbers [bags] (softmax) or flags [bags, outputs]
 * (sigmoid); `known` [bags, outputs], 0 for a flag that has no loss (sigmoid).
 */
export function attentionTraining({ loss, weightDecay, ...sizes }: AttentionTrainingOptions): NetworkTrainingSpec {
  const [bags, rows] = [freeDimension("bags"), freeDimension("rows")];
  const truth =
    loss === "softmax"
      ? [{ name: "truth", shape: [bags], type: "int32" as const }]
      : [
          { name: "truth", shape: [bags, sizes.outputs] },
          { name: "known", shape: [bags, sizes.outputs] },
        ];
  return {
    name: "attention head",
    parameters: Object.entries(parameterShapes(sizes)).map(([name, shape]) => ({ name, shape, weightDecay })),
    buffers: [],
    inputs: [],
    batchInputs: [
      { name: "rows", shape: [rows, sizes.inputs] },
      { name: "membership", shape: [bags, rows] },
      { name: "counts", shape: [bags] },
      ...truth,
    ],
    forward: (graph, read) => {
      const logits = bagLogits(graph, read);
      return {
        loss: loss === "softmax" ? softmaxLoss(graph, logits, read) : sigmoidLoss(graph, logits, read),
        buffers: new Map(),
      };
    },
    optimiser,
    repeat: 1,
  };
}

/** [bags, outputs] */
function bagLogits(graph: GraphScope, read: ReadTensor): GraphTensor {
  const scores = rowScores(graph, read("rows"), read);
  const shares = softmax(graph, add(graph, transpose(graph, scores, [1, 0]), read("membership")));
  const pooled = matMul(graph, shares, read("rows"));
  return linear(graph, pooled, { weight: read("weights"), bias: read("bias") });
}

/** How much is to be made of each row, before the softmax over its bag: [rows, inputs] -> [rows, 1]. */
export function rowScores(graph: GraphScope, rows: GraphTensor, read: ReadTensor): GraphTensor {
  const content = tanh(graph, matMul(graph, rows, read("tanh")));
  const gate = sigmoid(graph, matMul(graph, rows, read("sigmoid")));
  return matMul(graph, multiply(graph, content, gate), read("attention"));
}

function softmaxLoss(graph: GraphScope, prediction: GraphTensor, read: ReadTensor): LossParts {
  return crossEntropyLoss()(graph, { prediction, truth: read("truth"), counts: read("counts") });
}

/** The mean over bags and outputs of log(1 + exp(logit)) - truth · logit. A flag that is not known adds nothing, and divides as others do. */
function sigmoidLoss(graph: GraphScope, logits: GraphTensor, read: ReadTensor): LossParts {
  const terms = subtract(graph, softplus(graph, logits), multiply(graph, read("truth"), logits));
  const ofBags = mean(graph, multiply(graph, read("known"), terms), 1);
  return { sum: sum(graph, ofBags, [0]), weight: sum(graph, read("counts"), [0]) };
}
