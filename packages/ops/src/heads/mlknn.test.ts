import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNeighbourFixture, type NeighbourDataset } from "../../../../tests/ops/neighbour-fixture.ts";
import { featuresOf, labelledExamples, runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import { predictionsCodec, type Predictions } from "../artifacts/predictions.ts";
import type { SingleOp } from "../op.ts";
import { knn } from "./knn.ts";
import { mlknn } from "./mlknn.ts";
import { knnOrMlknn } from "./knn-or-mlknn.ts";

const { datasets, cases } = readNeighbourFixture("mlknn");
const continuous = datasets["continuous"]!;

describe("mlknn", () => {
  it.each(cases)("scores like the formulas: $dataset, $params", async ({ dataset, params, scores }) => {
    const predictions = await predictWith(mlknn, datasets[dataset]!, params);
    expect(predictions.scores).toHaveLength(scores.length);
    predictions.scores.forEach((score, index) => {
      expect(Math.abs(score - (scores[index] ?? NaN))).toBeLessThan(1e-12);
    });
    expect(predictionsCodec.decode(predictionsCodec.encode(predictions))).toEqual(predictions);
  });

  it("gives labels that a hand can count", async () => {
    // Rows on a line; each one's nearest other: 1, 0, 3, 2. The queries' nearest are the first and the last.
    const line = { width: 1, classes: 1, training: [0, 1, 10, 11], labels: [1, 1, 0, 1], queries: [-1, 12] };
    const { scores } = await predictWith(mlknn, line, { k: 1, metric: "euclidean" });
    // Of those that have the label, two have a neighbour with it (0 and 1) and one has none (3); the one that lacks it has one.
    const [prior, has, lacks] = [4 / 6, 3 / 5, 2 / 3];
    const expected = (prior * has) / (prior * has + (1 - prior) * lacks);
    expect([...scores]).toEqual([expect.closeTo(expected, 12), expect.closeTo(expected, 12)]);
  });

  it("leaves an example out by its row, not by its features", async () => {
    // Four rows alike: another of them is the nearest of each, the first by index, whatever itself is.
    const alike = { width: 1, classes: 1, training: [5, 5, 5, 5], labels: [1, 0, 0, 0], queries: [5] };
    const { scores } = await predictWith(mlknn, alike, { k: 1, metric: "euclidean" });
    // The first row's nearest is the second (no label); that of all others is the first (label).
    const [has, lacks, prior] = [1 / 3, 4 / 5, 2 / 6];
    expect(scores[0]).toBeCloseTo((prior * has) / (prior * has + (1 - prior) * lacks), 12);
  });

  it("leaves the other views of an image out with it", async () => {
    // Two views of each of three images, on a line; the nearest row of another image: 2, 2, 1, 1, 3, 3.
    const labels = [1, 1, 0, 0, 1, 1];
    const own = labelledExamples("train", "multi-label", 1, labels);
    const trainExamples = {
      ...own,
      examples: own.examples.map((each, row) => ({ ...each, id: `image ${String(row >> 1)}` })),
    };
    const examples = labelledExamples("test", "multi-label", 1, [0]);
    const trainFeatures = featuresOf(trainExamples, 1, [0, 1, 3, 4, 8, 9]);
    const inputs = { trainFeatures, trainExamples, features: featuresOf(examples, 1, [0]), examples };
    const params = { k: 1, metric: "euclidean" };
    const { scores } = await runSingleOp(mlknn, "predictions", { params, inputs });
    // The four rows that have the label have a neighbour without it, the two that lack it one with it.
    const [prior, has, lacks] = [5 / 8, 1 / 6, 3 / 4];
    expect(scores[0]).toBeCloseTo((prior * has) / (prior * has + (1 - prior) * lacks), 12);
    const tooMany = runSingleOp(mlknn, "predictions", { params: { ...params, k: 5 }, inputs });
    await expect(tooMany).rejects.toMatchObject({ code: "mlknn-k-too-large" });
  });

  it("gives a label the same scores whatever the other labels are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(-1, 0, 1), { minLength: 70, maxLength: 70 }), async (flags) => {
        const second = (labels: readonly number[]) => labels.filter((_, index) => index % 4 === 1);
        const labels = continuous.labels.map((flag, index) => (index % 4 === 1 ? flag : flags[Math.floor(index / 4)]!));
        const together = await predictWith(mlknn, { ...continuous, labels }, { k: 4 });
        const alone = { ...continuous, classes: 1, labels: second(continuous.labels) };
        expect([...(await predictWith(mlknn, alone, { k: 4 })).scores]).toEqual(second([...together.scores]));
      }),
      { numRuns: 8 },
    );
  });

  it("says which label no training example has, and what it was trained on", async () => {
    const predictions = await predictWith(mlknn, continuous, { k: 3 });
    expect(predictions.notes).toEqual([
      'No training example has class "class 3": its probability is the same for every example.',
    ]);
    const ofAbsent = predictions.scores.filter((_, index) => index % 4 === 3);
    expect(new Set(ofAbsent).size).toBe(1);
    const perClass = [0, 1, 2, 3].map(
      (label) => continuous.labels.filter((flag, at) => at % 4 === label && flag).length,
    );
    expect(predictions.trainedOn).toEqual({ examples: 70, groups: 70, perClass });
  });

  it("refuses more neighbours than there are other examples", async () => {
    await expect(predictWith(mlknn, continuous, { k: 70 })).rejects.toMatchObject({
      code: "mlknn-k-too-large",
      message: "mlknn asks for 70 neighbours of each training example, but there are 69.",
    });
    await expect(predictWith(mlknn, continuous, { k: 70, counts_itself: true })).resolves.toBeDefined();
  });

  it("refuses examples with one label each, and points to what takes them", async () => {
    const examples = labelledExamples("train", "binary", 2, [0, 1]);
    const features = featuresOf(examples, 1, [1, 2]);
    const inputs = { trainFeatures: features, trainExamples: examples, features, examples };
    await expect(runSingleOp(mlknn, "predictions", { params: { k: 1 }, inputs })).rejects.toMatchObject({
      code: "mlknn-single-label",
      hint: "Use knn, or knn_or_mlknn, which takes the vote that suits each data set.",
    });
  });

  it("counts its progress over both searches, and stops when it is aborted", async () => {
    const seen: number[] = [];
    const controller = new AbortController();
    const examples = labelledExamples("train", "multi-label", 1, [0, 1, 1]);
    const features = featuresOf(examples, 1, [1, 2, 4]);
    const inputs = { trainFeatures: features, trainExamples: examples, features, examples };
    const progress = (done: number, total: number) => seen.push(done, total);
    await runSingleOp(mlknn, "predictions", { params: { k: 1 }, inputs, progress });
    expect(seen).toEqual([9, 18, 18, 18]);
    controller.abort();
    const call = runSingleOp(mlknn, "predictions", { params: { k: 1 }, inputs, signal: controller.signal });
    await expect(call).rejects.toThrow(/abort/i);
  });
});

describe("knn_or_mlknn", () => {
  it("is mlknn where an example has several labels", async () => {
    for (const params of [{ k: 5 }, { k: 5, counts_itself: true, smoothing: 0.5, metric: "euclidean" }]) {
      const taken = await predictWith(knnOrMlknn, continuous, params);
      const direct = await predictWith(mlknn, continuous, params);
      const note = "The head knn_or_mlknn took mlknn: an example has several labels.";
      expect(taken).toEqual({ ...direct, notes: [note, ...direct.notes] });
    }
  });

  it("is knn where an example has one label", async () => {
    const single = { ...continuous, classes: 3, labels: Array.from({ length: 70 }, (_, row) => row % 3) };
    for (const params of [{ k: 5 }, { k: 5, weights_over: 9, temperature: 0.2 }, { k: 4, vote: "uniform" }]) {
      const taken = await predictWith(knnOrMlknn, single, params, "multi-class");
      const direct = await predictWith(knn, single, params, "multi-class");
      const note = "The head knn_or_mlknn took knn: an example has one label.";
      expect(taken).toEqual({ ...direct, notes: [note, ...direct.notes] });
    }
  });
});

function predictWith(
  op: SingleOp,
  { width, classes, training, labels, queries }: NeighbourDataset,
  params: Readonly<Record<string, unknown>>,
  problem: "multi-label" | "multi-class" = "multi-label",
): Promise<Predictions> {
  const rows = queries.length / width;
  const trainExamples = labelledExamples("train", problem, classes, labels);
  const examples = labelledExamples("test", problem, classes, Array<number>(rows * trainExamples.labels.width).fill(0));
  const trainFeatures = featuresOf(trainExamples, width, training);
  const features = featuresOf(examples, width, queries);
  return runSingleOp(op, "predictions", { params, inputs: { trainFeatures, trainExamples, features, examples } });
}
