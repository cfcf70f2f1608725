import type { FeaturePart } from "./feature-part.ts";
import type { Pause } from "./pacer.ts";
import { fillDotProducts, fillSquaredDistances, loadBlock } from "./row-block.ts";
import type { Standardiser } from "./standardiser.ts";

export type NeighbourMetric = "cosine" | "euclidean";

/** The k nearest training rows of every query row, nearest first; equally near ones by training index. */
export interface Neighbours {
  readonly k: number;
  /** Training rows, [queries, k]. */
  readonly indices: Int32Array;
  /** Cosine similarity, or minus the Euclidean distance: larger is nearer. [queries, k] */
  readonly similarities: Float64Array;
}

export interface NeighbourSearch {
  readonly training: FeaturePart;
  readonly queries: FeaturePart;
  readonly standardiser: Standardiser;
  readonly metric: NeighbourMetric;
  /** At most the number of training rows. */
  readonly k: number;
  readonly pause: Pause;
  /** Pairs of rows compared, and how many there are. */
  readonly progress: (done: number, total: number) => void;
  /** Rows per block; changes the speed, never the answer. */
  readonly blocks?: { readonly queries: number; readonly training: number };
}

/**
 * Exact search. Every pair is compared in float64, summed over the features in their order with one accumulator per
 * pair, so that no bit of a similarity depends on how rows are blocked, and equal training rows tie exactly. A row of
 * zeros has cosine similarity 0 to every row.
 */
export async function findNeighbours(search: NeighbourSearch): Promise<Neighbours> {
  const { training, queries, metric, k } = search;
  const blockRows = search.blocks ?? { queries: 256, training: 64 };
  const indices = new Int32Array(queries.rows * k).fill(-1);
  const similarities = new Float64Array(queries.rows * k).fill(-Infinity);
  const fill = metric === "cosine" ? fillDotProducts : fillSquaredDistances;

  for (let queryStart = 0; queryStart < queries.rows; queryStart += blockRows.queries) {
    const queryBlock = loadBlock(queries, search.standardiser, queryStart, blockRows.queries);
    for (let start = 0; start < training.rows; start += blockRows.training) {
      const trainingBlock = loadBlock(training, search.standardiser, start, blockRows.training);
      const products = fill(queryBlock, trainingBlock);
      for (let query = 0; query < queryBlock.rows; query++) {
        const slot = (queryStart + query) * k;
        for (let row = 0; row < trainingBlock.rows; row++) {
          const product = products[query * trainingBlock.paddedRows + row]!;
          const similarity =
            metric === "cosine"
              ? cosine(product, queryBlock.norms[query]!, trainingBlock.norms[row]!)
              : -Math.sqrt(product);
          const isNear = similarity > similarities[slot + k - 1]! || indices[slot + k - 1] === -1;
          if (isNear) insert(similarities, indices, { slot, k, similarity, index: start + row });
        }
      }
      await search.pause();
    }
    search.progress((queryStart + queryBlock.rows) * training.rows, queries.rows * training.rows);
  }
  return { k, indices, similarities };
}

function cosine(product: number, queryNorm: number, trainingNorm: number): number {
  return queryNorm === 0 || trainingNorm === 0 ? 0 : product / (queryNorm * trainingNorm);
}

interface Insertion {
  readonly slot: number;
  readonly k: number;
  readonly similarity: number;
  readonly index: number;
}

/** Keeps the slot's k entries sorted. Rows arrive by index, so an equal one goes behind those that are there. */
function insert(similarities: Float64Array, indices: Int32Array, entry: Insertion): void {
  let at = entry.slot + entry.k - 1;
  while (at > entry.slot && (indices[at - 1] === -1 || similarities[at - 1]! < entry.similarity)) {
    similarities[at] = similarities[at - 1]!;
    indices[at] = indices[at - 1]!;
    at--;
  }
  similarities[at] = entry.similarity;
  indices[at] = entry.index;
}
