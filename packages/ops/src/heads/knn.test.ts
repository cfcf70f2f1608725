import { describe, expect, it } from "vitest";
import { readNeighbourFixture, type NeighbourDataset } from "../../../../tests/ops/neighbour-fixture.ts";
import { featuresOf, labelledExamples, runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import type { FeaturePart } from "./feature-part.ts";
import { knn } from "./knn.ts";
import { findNeighbours, type Neighbours } from "./nearest-neighbours.ts";
import { fitStandardiser } from "./standardiser.ts";

const { datasets, cases } = readNeighbourFixture("knn");
const continuous = datasets["continuous"]!;

describe("knn", () => {
  it.each(cases)("votes like the reference: $dataset, $params", async ({ dataset, params, scores }) => {
    const predictions = await vote(datasets[dataset]!, params);
    expect(predictions.scores.length).toBe(scores.length);
    predictions.scores.forEach((score, index) => {
      expect(Math.abs(score - (scores[index] ?? NaN))).toBeLessThan(1e-12);
    });
    expect(predictions.notes).toEqual([]);
    const { classes, labels } = datasets[dataset]!;
    const perClass = Array.from({ length: classes }, (_, each) => labels.filter((label) => label === each).length);
    expect(predictions.trainedOn).toEqual({ examples: labels.length, groups: labels.length, perClass });
  });

  it("takes the named part of the features only", async () => {
    const training = labelledExamples("train", "binary", 2, [0, 1]);
    const queries = labelledExamples("test", "binary", 2, [0]);
    const layout = { parts: [{ name: "class", width: 2 }, { name: "patches", width: 1 }], defaultPart: "class" }; // prettier-ignore
    const trainFeatures = { ...featuresOf(training, 3, [1, 0, 5, 0, 1, 1]), layout };
    const features = { ...featuresOf(queries, 3, [1, 0, 1]), layout };
    const inputs = { trainFeatures, trainExamples: training, features, examples: queries };
    const settings = { k: 1, metric: "euclidean" };
    const byDefault = await runSingleOp(knn, "predictions", { params: settings, inputs });
    const byPatches = await runSingleOp(knn, "predictions", { params: { ...settings, part: "patches" }, inputs });
    expect([...byDefault.scores]).toEqual([1, 0]);
    expect([...byPatches.scores]).toEqual([0, 1]);
  });

  it("gives a row of zeros the cosine similarity 0 to every row", async () => {
    const zero = { width: 2, classes: 2, training: [-1, 0, 0, 0, 1, 1], labels: [0, 1, 0], queries: [0, 0, 1, -3] };
    const predictions = await vote(zero, { k: 1, metric: "cosine" });
    // The first query ties with all rows; the second is nearer to zero than to rows that point away from it.
    expect([...predictions.scores]).toEqual([1, 0, 0, 1]);
  });

  it("notes the classes that no training example has", async () => {
    const predictions = await vote({ ...continuous, classes: 4 }, { k: 3 });
    expect(predictions.notes).toEqual([
      'No training example has class "class 3": its probability is 0 for every example.',
    ]);
  });

  it("hands on the notes of the examples that are asked for, then those of the training examples", async () => {
    const training = { ...labelledExamples("train", "binary", 2, [0, 1]), notes: ["Of the training split."] };
    const asked = { ...labelledExamples("test", "binary", 2, [1]), notes: ["Of the test split."] };
    const features = (set: typeof asked) => featuresOf(set, 1, [1, 2].slice(0, set.examples.length));
    const inputs = {
      trainFeatures: features(training),
      trainExamples: training,
      features: features(asked),
      examples: asked,
    };
    const predictions = await runSingleOp(knn, "predictions", { params: { k: 1 }, inputs });
    expect(predictions.notes).toEqual(["Of the test split.", "Of the training split."]);
  });

  it("refuses more neighbours than there are examples", async () => {
    await expect(vote(continuous, { k: 61 })).rejects.toMatchObject({
      code: "knn-k-too-large",
      message: "knn asks for 61 neighbours, but the training split has 60 examples.",
    });
  });

  it("refuses multi-label data sets", async () => {
    const examples = labelledExamples("train", "multi-label", 2, [0, 1, 1, 1]);
    const features = featuresOf(examples, 1, [1, 2]);
    const inputs = { trainFeatures: features, trainExamples: examples, features, examples };
    await expect(runSingleOp(knn, "predictions", { params: { k: 1 }, inputs })).rejects.toMatchObject({
      code: "knn-multi-label",
      hint: "Use mlknn, or knn_or_mlknn, which takes the vote that suits each data set.",
    });
  });

  it("refuses a feature that is not finite, naming the example", async () => {
    const queries = continuous.queries.with(2 * continuous.width, -Infinity);
    await expect(vote({ ...continuous, queries }, {})).rejects.toMatchObject({
      code: "feature-not-finite",
      message: 'Feature 0 of part "pooled" is -Infinity for example test[2].',
    });
  });

  it("stops when it is aborted", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(vote(continuous, {}, controller.signal)).rejects.toThrow(/abort/i);
  });
});

describe("findNeighbours", () => {
  it.each(["cosine", "euclidean"] as const)("gives the same bits for every size of block: %s", async (metric) => {
    const whole = await search(metric, { queries: 256, training: 64 });
    for (const blocks of [
      { queries: 1, training: 1 },
      { queries: 7, training: 13 },
      { queries: 2, training: 59 },
    ]) {
      expect(await search(metric, blocks)).toEqual(whole);
    }
  });

  it("counts its progress in pairs of rows", async () => {
    const seen: number[] = [];
    await search("cosine", { queries: 10, training: 64 }, (done, total) => seen.push(done, total));
    expect(seen).toEqual([600, 1860, 1200, 1860, 1800, 1860, 1860, 1860]);
  });

  function search(
    metric: "cosine" | "euclidean",
    blocks: { readonly queries: number; readonly training: number },
    progress: (done: number, total: number) => void = () => undefined,
  ): Promise<Neighbours> {
    const training = partOf(continuous.training);
    const pause = (): Promise<void> => Promise.resolve();
    const standardiser = fitStandardiser(training);
    return findNeighbours({ training, queries: partOf(continuous.queries), standardiser, metric, k: 9, pause, progress, blocks }); // prettier-ignore
  }
});

function partOf(values: readonly number[]): FeaturePart {
  const { width } = continuous;
  return { name: "pooled", rows: values.length / width, width, values: Float32Array.from(values) };
}

function vote(
  dataset: NeighbourDataset,
  params: Readonly<Record<string, unknown>>,
  signal: AbortSignal = new AbortController().signal,
): Promise<Predictions> {
  const problem = dataset.classes === 2 ? "binary" : "multi-class";
  const trainExamples = labelledExamples("train", problem, dataset.classes, dataset.labels);
  const rows = dataset.queries.length / dataset.width;
  const examples = labelledExamples(
    "test",
    problem,
    dataset.classes,
    Array.from({ length: rows }, () => 0),
  );
  const trainFeatures = featuresOf(trainExamples, dataset.width, dataset.training);
  const features = featuresOf(examples, dataset.width, dataset.queries);
  return runSingleOp(knn, "predictions", {
    params,
    inputs: { trainFeatures, trainExamples, features, examples },
    signal,
  });
}
