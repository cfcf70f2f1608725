import { describe, expect, it } from "vitest";
import { featuresOf, labelledExamples, runSingleOp } from "../../../../../tests/ops/run-single-op.ts";
import { attentionCodec, type AttentionClassifier } from "../../artifacts/attention.ts";
import { predictionsCodec, type Predictions } from "../../artifacts/predictions.ts";
import type { ExampleSet, ProblemKind } from "../../artifacts/examples.ts";
import type { FeatureMatrix } from "../../artifacts/features.ts";
import { randomStream } from "../../runtime/random.ts";
import { poolBags } from "../bags.ts";
import { logistic } from "../logistic.ts";
import { predict } from "../predict.ts";
import { attention } from "./attention.ts";
import { predictBags } from "./predict-bags.ts";

interface Data {
  readonly examples: ExampleSet;
  readonly features: FeatureMatrix;
}

const width = 6;
const quick = { hidden: 16, epochs: 80, batch_size: 16, lr: 1e-2 };

describe("attention", () => {
  it("finds the one image that matters, which a mean over the bag loses", async () => {
    const [training, held] = [needles(120, 1), needles(120, 2)];
    const head = await fit(training, quick);
    expect(accuracy(await ask(head, held))).toBeGreaterThan(0.93);

    const inputs = poolBags(training, "mean");
    const classifier = await runSingleOp(logistic, "classifier", { inputs: { ...inputs } });
    const pooled = await runSingleOp(predict, "predictions", { inputs: { classifier, ...poolBags(held, "mean") } });
    expect(accuracy(pooled)).toBeLessThan(0.85);
  });

  it.each([
    ["multi-class", 3],
    ["multi-label", 3],
  ] as const)("learns a %s problem of images without bags", async (problem, classes) => {
    const data = plainImages(problem, classes);
    const head = await fit(data, { ...quick, epochs: 60 });
    const predictions = await ask(head, data);
    expect(predictions.ids).toEqual(data.examples.examples.map(({ id }) => id));
    expect(accuracy(predictions)).toBeGreaterThan(0.9);
  });

  it("gives one row of scores for each bag, and can be stored", async () => {
    const data = needles(20, 3);
    const head = await fit(data, { ...quick, epochs: 2 });
    expect(attentionCodec.decode(attentionCodec.encode(head))).toEqual(head);
    const predictions = await ask(head, data);
    expect(predictions.ids).toEqual(Array.from({ length: 20 }, (_, bag) => `bag ${String(bag)}`));
    expect(predictions.trainedOn?.examples).toBe(20);
    expect(predictionsCodec.decode(predictionsCodec.encode(predictions))).toEqual(predictions);
  });

  it("hangs on the seed alone, and on nothing of what is asked together", async () => {
    const data = needles(20, 4);
    const few = { ...quick, epochs: 3 };
    const head = await fit(data, few);
    expect(await fit(data, few)).toEqual(head);
    expect((await fit(data, { ...few, seed: 1 })).tanhWeights).not.toEqual(head.tanhWeights);
    const whole = await ask(head, data);
    const part = await ask(head, firstBags(data, 7));
    expect(part.scores).toEqual(whole.scores.subarray(0, 14));
  });

  it("takes one view of every bag in an epoch", async () => {
    const data = needles(12, 5);
    const views = withViews(data, 2);
    const head = await fit(views, { ...quick, epochs: 4 });
    // 12 bags by 16 are a single step in an epoch, however many views there are.
    expect(head.classifier.iterations).toBe(4);
    expect(head.classifier.trainedOn?.examples).toBe(12);
    const plain = await fit(data, { ...quick, epochs: 4 });
    expect(head.classifier.weights).not.toEqual(plain.classifier.weights);
  });

  it("ignores a flag that is not known", async () => {
    const data = plainImages("multi-label", 2);
    const values = data.examples.labels.values.slice().fill(-1, 0, 2);
    const labels = { width: 2, values };
    const hidden = { ...data, examples: { ...data.examples, labels } };
    const moved = {
      ...hidden,
      features: { ...data.features, data: data.features.data.map((v, i) => (i < width ? 9 : v)) },
    };
    const plain = { ...quick, epochs: 3, batch_size: 1, standardise: false, weight_decay: 0 };
    // Its only image says nothing, whatever it looks like: AdamW's moments move on as if its step had no gradient.
    expect((await fit(hidden, plain)).tanhWeights).toEqual((await fit(moved, plain)).tanhWeights);
  });

  it("fails where its loss is not finite or a part is unknown, and answers so inside a search", async () => {
    const data = needles(10, 6);
    const wild = { ...quick, lr: 1e38 };
    await expect(fit(data, wild)).rejects.toMatchObject({ code: "loss-not-finite" });
    await expect(fit(data, { part: "cls_9" })).rejects.toMatchObject({ code: "part-unknown" });
    for (const params of [wild, { part: "cls_9" }]) {
      const head = await fit(data, { ...params, in_search: true });
      expect(head.classifier.unusable).not.toBeNull();
      expect(attentionCodec.decode(attentionCodec.encode(head))).toEqual(head);
      expect(await ask(head, data)).toMatchObject({ ids: [], unusable: head.classifier.unusable });
    }
  });
});

function fit(data: Data, params: Readonly<Record<string, unknown>>): Promise<AttentionClassifier> {
  return runSingleOp(attention, "attention", { params, inputs: { ...data } });
}

function ask(head: AttentionClassifier, data: Data): Promise<Predictions> {
  return runSingleOp(predictBags, "predictions", { inputs: { attention: head, ...data } });
}

/** Bags of noise; in every other one, one image has a large first feature, which hardly shows in the mean of them all. */
function needles(bags: number, seed: number): Data {
  const random = randomStream(seed, "needles");
  const values: number[] = [];
  const labels: number[] = [];
  const names: string[] = [];
  for (let bag = 0; bag < bags; bag++) {
    const size = 4 + random.integer(9);
    const label = bag % 2;
    const place = random.integer(size);
    for (let image = 0; image < size; image++) {
      const isNeedle = label === 1 && image === place;
      for (let column = 0; column < width; column++) values.push(random.normal() * 0.7);
      if (isNeedle) values[values.length - width] = 3;
      labels.push(label);
      names.push(`bag ${String(bag)}`);
    }
  }
  const set = labelledExamples(`needles ${String(seed)}`, "binary", 2, labels);
  const examples = { ...set, examples: set.examples.map((example, row) => ({ ...example, bag: names[row]! })) };
  return { examples, features: featuresOf(examples, width, values) };
}

/** The class is where the largest of the first features is. */
function plainImages(problem: ProblemKind, classes: number): Data {
  const random = randomStream(7, "images");
  const values = Array.from({ length: 90 * width }, () => random.normal());
  const labels = Array.from({ length: 90 }, (_, row) => {
    const own = values.slice(row * width, row * width + classes);
    return problem === "multi-label" ? own.map((value) => (value > 0 ? 1 : 0)) : [own.indexOf(Math.max(...own))];
  });
  const examples = labelledExamples("images", problem, classes, labels.flat());
  return { examples, features: featuresOf(examples, width, values) };
}

function firstBags({ examples, features }: Data, bags: number): Data {
  const last = examples.examples.findIndex(({ bag }) => bag === `bag ${String(bags)}`);
  return {
    examples: {
      ...examples,
      examples: examples.examples.slice(0, last),
      labels: { width: 1, values: examples.labels.values.slice(0, last) },
    },
    features: { ...features, digests: features.digests.slice(0, last), data: features.data.slice(0, last * width) },
  };
}

/** Every image as so many views, each a little off the image. */
function withViews({ examples, features }: Data, views: number): Data {
  const recipe = { operations: ["rotation"], seed: 0, stored: true };
  const viewed = examples.examples.flatMap((example) =>
    Array.from({ length: views }, (_, index) => ({
      ...example,
      digest: `${example.digest} ${String(index)}`,
      view: { of: example.digest, index, recipe },
    })),
  );
  const values = Int32Array.from(viewed, (_, row) => examples.labels.values[Math.floor(row / views)] ?? 0);
  const set = { ...examples, examples: viewed, labels: { width: 1, values } };
  const rows = viewed.flatMap((_, row) => {
    const first = Math.floor(row / views) * width;
    return [...features.data.subarray(first, first + width)].map((value) => value + 0.1 * (row % views));
  });
  return { examples: set, features: featuresOf(set, width, rows) };
}

function accuracy({ labels, scores, classNames, problem }: Predictions): number {
  const classes = classNames.length;
  const right = labels.values.filter((label, index) => {
    if (problem === "multi-label") return (scores[index] ?? 0) > 0.5 === (label === 1);
    const row = [...scores.subarray(index * classes, (index + 1) * classes)];
    return row.indexOf(Math.max(...row)) === label;
  });
  return right.length / labels.values.length;
}
