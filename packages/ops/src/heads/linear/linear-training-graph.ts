import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import { binaryCrossEntropy } from "../../onnx/losses/side-by-side/binary-cross-entropy.ts";
import { crossEntropy } from "../../onnx/losses/side-by-side/cross-entropy.ts";
import { add, multiply, subtract } from "../../onnx/operators/arithmetic.ts";
import { gather } from "../../onnx/operators/indexing.ts";
import { concatenate, slice } from "../../onnx/operators/layout.ts";
import { matMul } from "../../onnx/operators/products.ts";
import { sgd } from "../../onnx/optimisers/sgd.ts";
import { freeDimension } from "../../onnx/shapes.ts";
import type { ReadTensor } from "../../onnx/training/steps.ts";
import { buildTrainingGraph, type TrainingGraph } from "../../onnx/training/training-graph.ts";
import type { BlockLayout } from "./head-blocks.ts";
import type { PreparedExamples } from "./standardised-copy.ts";
import type { TrainingExamples } from "./trainer.ts";

export interface LinearTrainingOptions {
  readonly layout: BlockLayout;
  readonly examples: PreparedExamples;
  readonly batchSize: number;
  readonly momentum: number;
}

/**
 * The training of one block of linear heads. Inputs beside the state (`weights` [inputs, columns], `bias` [columns]):
 * `features` [rows, rowWidth] and `truth` [examples, columns]; `elementWeights` [examples, columns], where any element of the loss counts other than one; `mean` and `scale` (1 / deviation) [inputs], unless the features are standardised; `rates`,
 * `weightDecays` [columns]. Each step's own: `rows` of the features and `examples` of the truth [batch]; `shares` (what a row
 * counts in the mean) [1, batch]; `factor` of the rates, and `change`, that factor over the step's before. Losses: [columns].
 *
 * No operation reduces over columns of two heads, so that a head that diverges keeps its infinities to itself. Where no head
 * of the task has weight decay, its two passes over the weights are left out, a sixth of a step at 5,120 inputs. That moves no bit
 * of a head without decay: to add w · 0 can only turn a gradient of -0 into 0, which no weight but one of -0 shows, and none
 * starts at -0.
 */
export function buildLinearTrainingGraph(options: LinearTrainingOptions): TrainingGraph {
  const { layout, examples, batchSize, momentum } = options;
  const { inputs, outputs, columns, hasWeightDecay } = layout;
  const isWeighted = examples.weights !== undefined;
  return buildTrainingGraph({
    name: "linear heads",
    parameters: [
      { name: "weights", shape: [inputs, columns] },
      { name: "bias", shape: [columns] },
    ],
    inputs: [
      { name: "features", shape: [freeDimension("rows"), examples.rowWidth] },
      { name: "truth", shape: [freeDimension("examples"), columns] },
      ...(isWeighted ? [{ name: "elementWeights", shape: [freeDimension("examples"), columns] }] : []),
      ...(examples.isStandardised
        ? []
        : [
            { name: "mean", shape: [inputs] },
            { name: "scale", shape: [inputs] },
          ]),
      { name: "rates", shape: [columns] },
      ...(hasWeightDecay ? [{ name: "weightDecays", shape: [columns] }] : []),
    ],
    stepInputs: [
      { name: "rows", shape: [batchSize], type: "int32" },
      { name: "examples", shape: [batchSize], type: "int32" },
      { name: "shares", shape: [1, batchSize] },
      { name: "factor", shape: [] },
      { name: "change", shape: [] },
    ],
    loss: (graph, read) => {
      const ofBatch = (table: string): GraphTensor =>
        gather(graph, read(table), { indices: read("examples"), axis: 0 });
      const truth = ofBatch("truth");
      const known = {
        truth,
        shares: read("shares"),
        ...(isWeighted && { elementWeights: ofBatch("elementWeights") }),
      };
      const logits = logitsOf(graph, read, examples);
      return examples.loss === "softmax"
        ? crossEntropy(graph, logits, { ...known, classes: outputs })
        : binaryCrossEntropy(graph, logits, { ...known, outputs });
    },
    pace: (graph, read) => ({
      rate: multiply(graph, read("rates"), read("factor")),
      rateChange: read("change"),
      weightDecay: hasWeightDecay ? read("weightDecays") : null,
    }),
    optimiser: sgd({ momentum }),
  });
}

/** [batch, columns] */
function logitsOf(graph: GraphScope, read: ReadTensor, examples: PreparedExamples): GraphTensor {
  const rows = gather(graph, read("features"), { indices: read("rows"), axis: 0 });
  const inputs = examples.isStandardised ? rows : standardise(graph, takeColumns(graph, rows, examples), read);
  return add(graph, matMul(graph, inputs, read("weights")), read("bias"));
}

function standardise(graph: GraphScope, inputs: GraphTensor, read: ReadTensor): GraphTensor {
  return multiply(graph, subtract(graph, inputs, read("mean")), read("scale"));
}

function takeColumns(graph: GraphScope, rows: GraphTensor, { columns, rowWidth }: TrainingExamples): GraphTensor {
  const parts = columns.map(({ start, length }) =>
    length === rowWidth ? rows : slice(graph, rows, { axis: 1, start, end: start + length }),
  );
  return parts.length === 1 ? parts[0]! : concatenate(graph, parts, 1);
}
