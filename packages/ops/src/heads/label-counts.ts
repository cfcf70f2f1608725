import type { ParamSpec } from "@exp-lab/dsl";
import type { ExampleSet } from "../artifacts/examples.ts";
import { OpError } from "../op-error.ts";
import { countClasses, countKnown } from "./class-counts.ts";
import type { ComparedRows } from "./compared-rows.ts";
import { numberNames } from "../splits/number-names.ts";
import { findNeighbours, type Neighbours } from "./nearest-neighbours.ts";

/** How labels are counted among neighbours. */
export interface LabelCountSettings {
  readonly k: number;
  readonly smoothing: number;
  readonly counts_itself: boolean;
}

export const labelCountParams = {
  smoothing: {
    type: "number",
    summary: "Added to every count behind a probability (Laplace smoothing).",
    min: 1e-6,
    default: 1,
  },
  counts_itself: {
    type: "boolean",
    summary: "Let a training example be among its own neighbours when labels are counted, instead of leaving it out.",
    default: false,
  },
} as const satisfies Readonly<Record<string, ParamSpec>>;

/**
 * ML-kNN (Zhang and Zhou, 2007): the probability of each label given how many of the k nearest training examples have it,
 * [queries, labels]. With smoothing s, of the n training examples whose flag is known,
 *
 *   P(has) = (s + those that have it) / (2s + n)
 *   P(d | has) = (s + those that have it and of whose neighbours d have it) / (s (k + 1) + those that have it)
 *
 * and likewise for those that lack it; the score is P(has) P(d | has) over the sum of both. An example whose flag of a label
 * is not known enters neither the prior nor the counts of that label, and as a neighbour it adds nothing to d; it keeps its
 * place among the k, which are the same for all labels.
 *
 * A training example's neighbours are the k nearest of the others: it is left out by its id and all views of its image with it,
 * so that another of the same features stays. With `counts_itself` they are the k nearest of all, where it is mostly its own
 * first.
 * @throws OpError `mlknn-k-too-large`
 */
export async function predictByLabelCounts(rows: ComparedRows, settings: LabelCountSettings): Promise<Float64Array> {
  const { k, counts_itself: countsItself } = settings;
  const { training, queries, trainExamples } = rows;
  const { numbers: images } = numberNames(trainExamples.examples.map(({ id }) => id));
  const leftOut = countsItself ? 0 : mostRows(images);
  requireOthers(k, training.rows - leftOut);
  const total = (training.rows + queries.rows) * training.rows;
  const among = await findNeighbours({
    ...rows,
    queries: training,
    k: k + leftOut,
    progress: (done) => rows.progress(done, total),
  });
  const model = fitCounts(countsItself ? among : withoutItself(among, images, k), trainExamples, settings.smoothing);
  const neighbours = await findNeighbours({
    ...rows,
    k,
    progress: (done) => rows.progress(training.rows ** 2 + done, total),
  });
  const labels = trainExamples.labels.width;
  return Float64Array.from(
    countNeighbours(neighbours, trainExamples),
    (count, index) => model[index % labels]![count]!,
  );
}

/** The rows of the image that has most of them. */
function mostRows(images: Int32Array): number {
  const rows = new Int32Array(images.length);
  for (const image of images) rows[image]! += 1;
  return rows.reduce((most, count) => Math.max(most, count), 0);
}

/** Neighbours without how near they are. */
type Counted = Pick<Neighbours, "k" | "indices">;

/** Of each training row's nearest, the first k that are of other images: its own are not always among them, nor the first. */
function withoutItself(nearest: Counted, images: Int32Array, k: number): Counted {
  const { indices } = nearest;
  const places: number[] = [];
  images.forEach((image, row) => {
    const last = (row + 1) * nearest.k;
    let kept = 0;
    for (let place = row * nearest.k; kept < k && place < last; place++) {
      if (images[indices[place]!] === image) continue;
      places.push(place);
      kept++;
    }
  });
  return {
    k,
    indices: Int32Array.from(places, (place) => indices[place]!),
  };
}

/** How many of a row's neighbours are known to have each label, [rows, labels]. */
function countNeighbours({ k, indices }: Counted, { labels }: ExampleSet): Int32Array {
  const { width, values } = labels;
  const counts = new Int32Array((indices.length / k) * width);
  indices.forEach((neighbour, place) => {
    const first = Math.floor(place / k) * width;
    for (let label = 0; label < width; label++) {
      if (values[neighbour * width + label] === 1) counts[first + label]! += 1;
    }
  });
  return counts;
}

/** The probability of each label, by how many of the k neighbours have it: [labels][k + 1]. */
function fitCounts(among: Counted, training: ExampleSet, smoothing: number): readonly Float64Array[] {
  const { width, values } = training.labels;
  const { k } = among;
  const counts = countNeighbours(among, training);
  const having = Array.from({ length: width }, () => new Float64Array(k + 1));
  const lacking = Array.from({ length: width }, () => new Float64Array(k + 1));
  values.forEach((flag, index) => {
    if (flag === -1) return;
    const histogram = (flag === 1 ? having : lacking)[index % width]!;
    histogram[counts[index]!]! += 1;
  });
  const positives = countClasses(training);
  return countKnown(training).map((known, label) => {
    const prior = (smoothing + positives[label]!) / (2 * smoothing + known);
    const has = smoothed(having[label]!, smoothing);
    const lacks = smoothed(lacking[label]!, smoothing);
    return has.map((share, count) => (prior * share) / (prior * share + (1 - prior) * lacks[count]!));
  });
}

function smoothed(histogram: Float64Array, smoothing: number): Float64Array {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  return histogram.map((count) => (smoothing + count) / (smoothing * histogram.length + total));
}

function requireOthers(k: number, most: number): void {
  if (k <= most) return;
  throw new OpError(
    "mlknn-k-too-large",
    `mlknn asks for ${String(k)} neighbours of each training example, but there are ${String(most)}.`,
    `Choose k of at most ${String(most)}.`,
  );
}
