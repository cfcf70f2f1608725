import type { AttentionClassifier } from "../../artifacts/attention.ts";
import type { Predictions } from "../../artifacts/predictions.ts";
import { createGraphBuilder } from "../../onnx/graph-builder.ts";
import { writeModel } from "../../onnx/write-model.ts";
import { inputOf, type OpContext } from "../../op-context.ts";
import { notedData } from "../head-data.ts";
import type { SingleOp } from "../../op.ts";
import { openSession } from "../../runtime/session.ts";
import { gatherBags } from "../bags.ts";
import { takeParts, type FeaturePart } from "../feature-part.ts";
import { createPacer } from "../pacer.ts";
import { requireSameClasses, requireWidth, scorePart } from "../predict.ts";
import { noPredictions, toPredictions } from "../to-predictions.ts";
import { rowScores } from "./attention-network.ts";
import { standardiseRows } from "./standardise-rows.ts";

const signature = {
  name: "predict_bags",
  version: 2,
  summary: "Applies a fitted attention head to the bags of a split.",
  use: "companion",
  role: "head",
  params: {},
  inputs: {
    attention: { kind: "attention", summary: "The fitted head." },
    features: { kind: "features", summary: "Features of the split that is asked for." },
    examples: { kind: "examples", summary: "The images of that split, with their bags and labels." },
  },
  output: "predictions",
} as const;

/** One row of scores for each bag; an image without a bag is one. */
export const predictBags: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: ["onnxruntime-node"],
  run: async (context): Promise<Predictions> => {
    const head = inputOf(context, "attention", "attention");
    const { classifier } = head;
    const { features, examples: images } = notedData(context);
    const { examples, rows } = gatherBags(images);
    requireSameClasses(classifier, images);
    if (classifier.unusable !== null) return noPredictions(examples, classifier.unusable);
    const part = takeParts(features, images, classifier.parts);
    requireWidth(classifier, part);
    const shares = await attentionShares(head, { part, bags: rows }, context);
    const pooled = weightedMeans(part, rows, shares);
    const scores = await scorePart(classifier, pooled, context);
    return toPredictions(examples, scores, classifier);
  },
};

export interface BaggedRows {
  readonly part: FeaturePart;
  /** The rows of each bag. */
  readonly bags: readonly (readonly number[])[];
}

/** Rows that pass the gate at a time: always as many, since the bits of a product's rows may depend on how many it has. */
const rowsPerPass = 256;

/** What each row counts in its bag, [rows]: those of a bag sum to one. */
export async function attentionShares(
  head: AttentionClassifier,
  { part, bags }: BaggedRows,
  { signal }: Pick<OpContext, "signal">,
): Promise<Float64Array> {
  const scores = await scoreRows(head, part, signal);
  const shares = new Float64Array(part.rows);
  for (const rows of bags) {
    const largest = rows.reduce((most, row) => Math.max(most, scores[row]!), -Infinity);
    const total = rows.reduce((sum, row) => sum + Math.exp(scores[row]! - largest), 0);
    for (const row of rows) shares[row] = Math.exp(scores[row]! - largest) / total;
  }
  return shares;
}

async function scoreRows(head: AttentionClassifier, part: FeaturePart, signal: AbortSignal): Promise<Float32Array> {
  const { classifier, hidden } = head;
  const { inputs } = classifier;
  const graph = createGraphBuilder();
  const weights = new Map([
    ["tanh", graph.weight("tanh", head.tanhWeights, [inputs, hidden])],
    ["sigmoid", graph.weight("sigmoid", head.sigmoidWeights, [inputs, hidden])],
    ["attention", graph.weight("attention", head.attention, [hidden, 1])],
  ]);
  const rows = graph.input("rows", [rowsPerPass, inputs]);
  graph.output(
    "scores",
    rowScores(graph, rows, (name) => weights.get(name)!),
  );
  const model = { data: await writeModel(graph.toModel("attention scores")), name: null };
  const session = await openSession({ model, threads: 1 });
  try {
    const pause = createPacer(signal);
    const scores = new Float32Array(part.rows);
    const passed = new Float32Array(rowsPerPass * inputs);
    for (let first = 0; first < part.rows; first += rowsPerPass) {
      await pause();
      const count = Math.min(rowsPerPass, part.rows - first);
      const values = part.values.subarray(first * inputs, (first + count) * inputs);
      passed.fill(0).set(standardiseRows({ ...part, rows: count, values }, classifier));
      const results = await session.run({ rows: { data: passed, dims: [rowsPerPass, inputs] } }, ["scores"]);
      scores.set(results.get("scores")!.data.subarray(0, count), first);
    }
    return scores;
  } finally {
    await session.close();
  }
}

/** The mean of each bag's rows, weighted by their shares, before anything is standardised: that is linear too. */
function weightedMeans(
  { name, width, values }: FeaturePart,
  bags: BaggedRows["bags"],
  shares: Float64Array,
): FeaturePart {
  const means = new Float32Array(bags.length * width);
  const sums = new Float64Array(width);
  for (const [bag, rows] of bags.entries()) {
    sums.fill(0);
    for (const row of rows) {
      for (let column = 0; column < width; column++) sums[column]! += shares[row]! * values[row * width + column]!;
    }
    means.set(sums, bag * width);
  }
  return { name, rows: bags.length, width, values: means };
}
