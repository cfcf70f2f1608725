import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import { binaryCrossEntropy } from "../../onnx/losses/binary-cross-entropy.ts";
import { crossEntropy } from "../../onnx/losses/cross-entropy.ts";
import { add, divide, multiply, subtract } from "../../onnx/operators/arithmetic.ts";
import { gather } from "../../onnx/operators/indexing.ts";
import { concatenate, reshape, slice } from "../../onnx/operators/layout.ts";
import { matMul } from "../../onnx/operators/products.ts";
import { sgd } from "../../onnx/optimisers/sgd.ts";
import { freeDimension } from "../../onnx/shapes.ts";
import { buildTrainingGraph, type ReadTensor, type TrainingGraph } from "../../onnx/training/training-graph.ts";
import type { BlockLayout } from "./head-blocks.ts";
import type { TrainingExamples } from "./trainer.ts";

export interface LinearTrainingOptions {
  readonly layout: BlockLayout;
  readonly examples: TrainingExamples;
  readonly batchSize: number;
  readonly momentum: number;
}

/**
 * The training of one block of linear heads. Inputs beside the state (`weights` [inputs, columns], `bias` [columns]):
 * `features` [rows, rowWidth]; `mean`, `deviation` [inputs]; `rates`, `weightDecays` [columns]. Each step's own: `rows` (int32)
 * and `shares` (what a row counts in the mean), [batch]; `targets`, int32 [batch] or for sigmoids [batch, outputs]; `factor`,
 * of the rates. Losses: [heads, outputs], to be added up for a head.
 *
 * No operation reduces over columns of two heads, so that a head that diverges keeps its infinities to itself. Where no head
 * of the task has weight decay, its two passes over the weights are left out, a sixth of a step at 5,120 inputs. That moves no bit
 * of a head without decay: to add w · 0 can only turn a gradient of -0 into 0, which no weight but one of -0 shows, and none
 * starts at -0.
 */
export function buildLinearTrainingGraph(options: LinearTrainingOptions): TrainingGraph {
  const { layout, examples, batchSize, momentum } = options;
  const { inputs, outputs, columns, hasWeightDecay } = layout;
  const isSoftmax = examples.loss === "softmax";
  return buildTrainingGraph({
    name: "linear heads",
    parameters: [
      { name: "weights", shape: [inputs, columns] },
      { name: "bias", shape: [columns] },
    ],
    inputs: [
      { name: "features", shape: [freeDimension("rows"), examples.rowWidth] },
      { name: "mean", shape: [inputs] },
      { name: "deviation", shape: [inputs] },
      { name: "rates", shape: [columns] },
      ...(hasWeightDecay ? [{ name: "weightDecays", shape: [columns] }] : []),
    ],
    stepInputs: [
      { name: "rows", shape: [batchSize], type: "int32" },
      { name: "shares", shape: [batchSize] },
      isSoftmax
        ? { name: "targets", shape: [batchSize], type: "int32" }
        : { name: "targets", shape: [batchSize, outputs] },
      { name: "factor", shape: [] },
    ],
    loss: (graph, read) => {
      const targets = { targets: read("targets"), shares: read("shares") };
      const logits = logitsOf(graph, read, options);
      return isSoftmax ? crossEntropy(graph, logits, targets) : binaryCrossEntropy(graph, logits, targets);
    },
    pace: (graph, read) => ({
      rate: multiply(graph, read("rates"), read("factor")),
      weightDecay: hasWeightDecay ? read("weightDecays") : null,
    }),
    optimiser: sgd({ momentum }),
  });
}

/** [batch, heads, outputs], of the columns that heads can have. */
function logitsOf(graph: GraphScope, read: ReadTensor, options: LinearTrainingOptions): GraphTensor {
  const { layout, examples, batchSize } = options;
  const { outputs, columns, headsPerBlock } = layout;
  const rows = gather(graph, read("features"), { indices: read("rows"), axis: 0 });
  const inputs = takeColumns(graph, rows, examples);
  const standardised = divide(graph, subtract(graph, inputs, read("mean")), read("deviation"));
  const all = add(graph, matMul(graph, standardised, read("weights")), read("bias"));
  const end = headsPerBlock * outputs;
  const used = end === columns ? all : slice(graph, all, { axis: 1, start: 0, end });
  return reshape(graph, used, [batchSize, headsPerBlock, outputs]);
}

function takeColumns(graph: GraphScope, rows: GraphTensor, { columns, rowWidth }: TrainingExamples): GraphTensor {
  const parts = columns.map(({ start, length }) =>
    length === rowWidth ? rows : slice(graph, rows, { axis: 1, start, end: start + length }),
  );
  return parts.length === 1 ? parts[0]! : concatenate(graph, parts, 1);
}
