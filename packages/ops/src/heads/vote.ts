import type { ParamSpec } from "@exp-lab/dsl";
import type { ExampleSet } from "../artifacts/examples.ts";
import { OpError } from "../op-error.ts";
import type { ComparedRows } from "./compared-rows.ts";
import { findNeighbours, type Neighbours } from "./nearest-neighbours.ts";

/** How neighbours vote for one class. */
export interface VoteSettings {
  readonly k: number;
  readonly vote: "softmax" | "uniform";
  readonly temperature: number;
  /** The neighbours that the softmax is over; null: the k that vote. */
  readonly weights_over: number | null;
}

export const voteParams = {
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
    idleWhere: [{ vote: ["uniform"] }],
  },
  weights_over: {
    type: "integer",
    summary:
      "Take the softmax over so many nearest neighbours (k at least, all at most) and sum the first k of its weights; by default over the k themselves.",
    min: 1,
    default: null,
    idleWhere: [{ vote: ["uniform"] }],
  },
} as const satisfies Readonly<Record<string, ParamSpec>>;

/**
 * Each class's share of its neighbours' weights, [queries, classes]: softmax(similarity / temperature) over the k nearest
 * (the vote of DINOv2's k-NN evaluation), or 1 / k each. A row sums to one. With `weights_over`, the softmax is over that many
 * neighbours and the first k vote, as they do in that evaluation for every k but its largest: a row then sums to less than
 * one, by what the neighbours behind the k have of the softmax. It is over the k where these are more, and over all training
 * examples where there are fewer.
 * @throws OpError `knn-k-too-large`
 */
export async function predictByVote(rows: ComparedRows, settings: VoteSettings): Promise<Float64Array> {
  const { k, vote, temperature } = settings;
  requireVoters(k, rows.training.rows);
  const weighed = countWeighed(rows, settings);
  const neighbours = await findNeighbours({ ...rows, k: weighed });
  const weigh = vote === "uniform" ? uniformWeights : (row: Float64Array) => softmaxWeights(row, temperature);
  return countVotes(neighbours, rows.trainExamples, { k, weigh });
}

/** One note where the weights are over more or fewer neighbours than was asked for. */
export function describeWeighed(rows: ComparedRows, settings: VoteSettings): readonly string[] {
  const { vote, weights_over: asked } = settings;
  const weighed = countWeighed(rows, settings);
  if (vote === "uniform" || asked === null || weighed === asked) return [];
  const reason = weighed < asked ? "there are no more training examples" : "so many vote";
  return [`The weights of neighbours are over ${String(weighed)} of them, not over ${String(asked)}: ${reason}.`];
}

function countWeighed({ training }: ComparedRows, { k, vote, weights_over: asked }: VoteSettings): number {
  return vote === "uniform" || asked === null ? k : Math.min(Math.max(k, asked), training.rows);
}

interface Voters {
  readonly k: number;
  readonly weigh: (similarities: Float64Array) => Float64Array;
}

function countVotes(
  { k: weighed, indices, similarities }: Neighbours,
  training: ExampleSet,
  { k, weigh }: Voters,
): Float64Array {
  const classes = training.classNames.length;
  const queries = indices.length / weighed;
  const scores = new Float64Array(queries * classes);
  for (let query = 0; query < queries; query++) {
    const weights = weigh(similarities.subarray(query * weighed, (query + 1) * weighed));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let rank = 0; rank < k; rank++) {
      const label = training.labels.values[indices[query * weighed + rank]!]!;
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

function requireVoters(k: number, rows: number): void {
  if (k <= rows) return;
  throw new OpError(
    "knn-k-too-large",
    `knn asks for ${String(k)} neighbours, but the training split has ${String(rows)} examples.`,
    `Choose k of at most ${String(rows)}.`,
  );
}
