import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { featuresOf, labelledExamples, runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import { knn } from "./knn.ts";

interface Fixture {
  readonly width: number;
  readonly classes: number;
  readonly training: readonly number[];
  readonly labels: readonly number[];
  readonly queries: readonly number[];
  readonly cases: readonly { readonly params: Readonly<Record<string, unknown>>; readonly scores: readonly number[] }[];
}

const url = new URL("../../../../tests/ops/reference/knn_weights_over.json", import.meta.url);
const fixture = JSON.parse(readFileSync(url, "utf8")) as Fixture;

describe("a vote with weights over more neighbours than vote", () => {
  it.each(fixture.cases)("sums the first k weights of the whole softmax, as torch does: $params", async (vote) => {
    const { scores } = await predictWith(vote.params);
    expect(scores).toHaveLength(vote.scores.length);
    scores.forEach((score, index) => {
      expect(Math.abs(score - (vote.scores[index] ?? NaN))).toBeLessThan(1e-12);
    });
  });

  it("leaves a row's sum to what the neighbours behind the k have", async () => {
    const [first, all] = [await predictWith({ k: 2, weights_over: 12 }), await predictWith({ k: 12 })];
    sumsOf(first).forEach((sum) => expect(sum).toBeLessThan(0.9999));
    sumsOf(all).forEach((sum) => expect(sum).toBeCloseTo(1, 12));
  });

  it("is the plain vote where it is over the k themselves, and without meaning where all count alike", async () => {
    expect(await predictWith({ k: 7, weights_over: 7 })).toEqual(await predictWith({ k: 7 }));
    const alike = { k: 7, vote: "uniform" };
    expect(await predictWith({ ...alike, weights_over: 20 })).toEqual(await predictWith(alike));
  });

  it("weighs all that vote, and no more than there are, and says so", async () => {
    const [few, many] = [await predictWith({ k: 7, weights_over: 6 }), await predictWith({ k: 7, weights_over: 200 })];
    expect(few.scores).toEqual((await predictWith({ k: 7 })).scores);
    expect(few.notes).toEqual(["The weights of neighbours are over 7 of them, not over 6: so many vote."]);
    expect(many.scores).toEqual((await predictWith({ k: 7, weights_over: 50 })).scores);
    expect(many.notes).toEqual([
      "The weights of neighbours are over 50 of them, not over 200: there are no more training examples.",
    ]);
  });

  it("refuses more voters than there are", async () => {
    await expect(predictWith({ k: 51, weights_over: 200 })).rejects.toMatchObject({
      code: "knn-k-too-large",
      message: "knn asks for 51 neighbours, but the training split has 50 examples.",
      hint: "Choose k of at most 50.",
    });
  });
});

function sumsOf({ scores }: Predictions): readonly number[] {
  const { classes } = fixture;
  return Array.from({ length: scores.length / classes }, (_, row) =>
    scores.subarray(row * classes, (row + 1) * classes).reduce((sum, score) => sum + score, 0),
  );
}

function predictWith(params: Readonly<Record<string, unknown>>): Promise<Predictions> {
  const { width, classes, training, labels, queries } = fixture;
  const trainExamples = labelledExamples("train", "multi-class", classes, labels);
  const asked = Array<number>(queries.length / width).fill(0);
  const examples = labelledExamples("test", "multi-class", classes, asked);
  const trainFeatures = featuresOf(trainExamples, width, training);
  const features = featuresOf(examples, width, queries);
  return runSingleOp(knn, "predictions", { params, inputs: { trainFeatures, trainExamples, features, examples } });
}
