import type { ExampleSet } from "../artifacts/examples.ts";
import { inputOf, paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import { describeAbsentClasses } from "./class-counts.ts";
import { takePart } from "./feature-part.ts";
import { notesOfChoice } from "./notes-of-choice.ts";
import { findNeighbours, type Neighbours } from "./nearest-neighbours.ts";
import { createPacer } from "./pacer.ts";
import { fitStandardiser, identityStandardiser } from "./standardiser.ts";
import { toPredictions } from "./to-predictions.ts";

const signature = {
  name: "knn",
  version: 2,
  summary: "Vote of the k nearest training examples; nothing is fitted.",
  use: "constructor",
  role: "head",
  params: {
    k: { type: "integer", summary: "Neighbours that vote; each k is a question of its own.", min: 1, default: 20 },
    vote: {
      type: "choice",
      choices: ["softmax", "uniform"],
      summary: "Weigh neighbours by a softmax over their similarity / temperature, or all alike.",
      default: "softmax",
    },
    temperature: {
      type: "number",
      summary: "Temperature of the softmax vote; the uniform vote has none.",
      min: 1e-4,
      default: 0.07,
    },
    metric: {
      type: "choice",
      choices: ["cosine", "euclidean"],
      summary: "Similarity of two feature rows: their cosine, or minus their Euclidean distance.",
      default: "cosine",
    },
    standardise: {
      type: "boolean",
      summary: "Bring every feature to mean 0 and deviation 1 over the training split first.",
      default: false,
    },
    part: {
      type: "string",
      summary: "The part of the features to compare; by default the backbone's own choice.",
      default: null,
    },
  },
  inputs: {
    trainFeatures: { kind: "features", split: "train", summary: "Features of the training split." },
    trainExamples: { kind: "examples", split: "train", summary: "Labels of the training split." },
    features: { kind: "features", summary: "Features of the split that is asked for." },
    examples: { kind: "examples", summary: "The examples of that split, with their labels." },
  },
  output: "predictions",
} as const;

/**
 * Exact k nearest neighbours for one label per example. A class's probability is the sum of the weights of its
 * neighbours: softmax(similarity / temperature) over the k themselves (the vote of DINOv2's k-NN evaluation), or 1 / k each.
 */
export const knn: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const params = paramsOf(signature, context);
    const trainExamples = inputOf(context, "trainExamples", "examples");
    const examples = inputOf(context, "examples", "examples");
    requireVotes(trainExamples, params.k);
    const training = takePart(inputOf(context, "trainFeatures", "features"), trainExamples, params.part);
    const queries = takePart(inputOf(context, "features", "features"), examples, params.part);
    const neighbours = await findNeighbours({
      training,
      queries,
      standardiser: params.standardise ? fitStandardiser(training) : identityStandardiser(training.width),
      metric: params.metric,
      k: params.k,
      pause: createPacer(context.signal),
      progress: context.progress,
    });
    const weigh =
      params.vote === "uniform" ? uniformWeights : (row: Float64Array) => softmaxWeights(row, params.temperature);
    const notes = [...notesOfChoice(context), ...describeAbsentClasses(trainExamples)];
    return toPredictions(examples, countVotes(neighbours, trainExamples, weigh), notes);
  },
};

/** Each class's share of its neighbours' weights, [queries, classes]. */
function countVotes(
  { k, indices, similarities }: Neighbours,
  training: ExampleSet,
  weigh: (similarities: Float64Array) => Float64Array,
): Float64Array {
  const classes = training.classNames.length;
  const queries = indices.length / k;
  const scores = new Float64Array(queries * classes);
  for (let query = 0; query < queries; query++) {
    const weights = weigh(similarities.subarray(query * k, (query + 1) * k));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let rank = 0; rank < k; rank++) {
      const label = training.labels.values[indices[query * k + rank]!]!;
      scores[query * classes + label]! += weights[rank]!;
    }
    for (let label = 0; label < classes; label++) scores[query * classes + label]! /= total;
  }
  return scores;
}

function uniformWeights(similarities: Float64Array): Float64Array {
  return similarities.map(() => 1);
}

/** Proportional to the softmax; the nearest one's weight is 1, so that nothing overflows. */
function softmaxWeights(similarities: Float64Array, temperature: number): Float64Array {
  const nearest = similarities[0]!;
  return similarities.map((similarity) => Math.exp((similarity - nearest) / temperature));
}

function requireVotes(training: ExampleSet, k: number): void {
  if (training.problem === "multi-label") {
    throw new OpError(
      "knn-multi-label",
      "knn votes for one class per example, but this data set is multi-label.",
      "Use a head for several labels, e.g. logistic; ML-kNN is not in this version.",
    );
  }
  if (k > training.examples.length) {
    throw new OpError(
      "knn-k-too-large",
      `knn asks for ${String(k)} neighbours, but the training split has ${String(training.examples.length)} examples.`,
      `Choose k of at most ${String(training.examples.length)}.`,
    );
  }
}
