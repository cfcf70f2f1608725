import { describe, expect, it } from "vitest";
import { featuresOf, labelledExamples, runSingleOp } from "../../../../../tests/ops/run-single-op.ts";
import { classifierCodec, type Classifier } from "../../artifacts/classifier.ts";
import type { ExampleSet } from "../../artifacts/examples.ts";
import type { FeatureMatrix } from "../../artifacts/features.ts";
import { predictionsCodec } from "../../artifacts/predictions.ts";
import { predict } from "../predict.ts";
import { linear } from "./linear.ts";
import { linearSignature } from "./linear-signature.ts";

interface Data {
  readonly examples: ExampleSet;
  readonly features: FeatureMatrix;
}

const width = 3;
const images = 40;
const values = Array.from({ length: images * width }, (_, index) => Math.fround(Math.sin(37 * index + 1)));
const classes = Array.from({ length: images }, (_, row) => (row % 5 === 0 ? 1 : row % 2 === 0 ? 2 : 0));
const flags = classes.flatMap((label, row) => [Number(label > 0), row % 3 === 0 ? -1 : Number(label === 2)]);

const single = dataOf(labelledExamples("train", "multi-class", 3, classes));
const several = dataOf(labelledExamples("train", "multi-label", 2, flags));
const settings = { lr: 0.1, epochs: 6, batch_size: 7 };

describe("scores of several classes", () => {
  it("are a sigmoid of each where that is asked for, from the same weights", async () => {
    const [plain, apart] = [await fit(single, settings), await fit(single, { ...settings, scoring: "sigmoid" })];
    expect(plain).not.toHaveProperty("scoring");
    expect(apart).toEqual({ ...plain, scoring: "sigmoid" });
    expect(classifierCodec.decode(classifierCodec.encode(apart))).toEqual(apart);

    const inputs = { examples: single.examples, features: single.features };
    const shared = await runSingleOp(predict, "predictions", { inputs: { ...inputs, classifier: plain } });
    const alone = await runSingleOp(predict, "predictions", { inputs: { ...inputs, classifier: apart } });
    expect(predictionsCodec.decode(predictionsCodec.encode(alone))).toEqual(alone);
    // A softmax is proportional to the odds of the sigmoids.
    for (let row = 0; row < images; row++) {
      const odds = [0, 1, 2].map((label) => 1 / (1 / alone.scores[3 * row + label]! - 1));
      const sum = odds.reduce((total, each) => total + each, 0);
      odds.forEach((each, label) => expect(each / sum).toBeCloseTo(shared.scores[3 * row + label]!, 10));
    }
    expect(alone.scores[0]! + alone.scores[1]! + alone.scores[2]!).not.toBeCloseTo(1, 3);
  });

  it("of several labels are sigmoids anyway", async () => {
    expect(await fit(several, { ...settings, scoring: "sigmoid" })).toEqual(await fit(several, settings));
  });
});

describe("the loss", () => {
  it("summed over a batch takes the steps of a rate that is so much larger", async () => {
    const whole = { ...settings, batch_size: 8, standardise: false };
    for (const data of [single, several]) {
      const summed = await fit(data, { ...whole, lr: 0.01, loss_reduction: "sum" });
      const mean = await fit(data, { ...whole, lr: 0.08 });
      summed.weights.forEach((weight, at) => expect(weight).toBeCloseTo(mean.weights[at]!, 5));
      expect(summed.weights).not.toEqual((await fit(data, { ...whole, lr: 0.01 })).weights);
    }
  });

  it("is summed for several labels alone, where the study's way is asked for", async () => {
    const asked = { ...settings, batch_size: 8 };
    const weightsOf = async (data: Data, loss_reduction: string): Promise<Float64Array> =>
      (await fit(data, { ...asked, loss_reduction })).weights;
    expect(await weightsOf(single, "sum_of_labels")).toEqual(await weightsOf(single, "mean"));
    expect(await weightsOf(several, "sum_of_labels")).toEqual(await weightsOf(several, "sum"));
  });

  it("takes a label's part of the head from the examples that it is known of alone", async () => {
    const change = (label: number): Data => {
      const { values: known } = several.examples.labels;
      const other = known.map((flag, index) => (index % 2 === label && flag === -1 ? 1 : flag));
      return { ...several, examples: { ...several.examples, labels: { width: 2, values: other } } };
    };
    const [before, after] = [await fit(several, settings), await fit(change(1), settings)];
    expect(after.weights.subarray(0, width)).toEqual(before.weights.subarray(0, width));
    expect(after.weights.subarray(width)).not.toEqual(before.weights.subarray(width));
    expect(before.trainedOn?.perClass).toEqual([
      flags.filter((flag, index) => index % 2 === 0 && flag === 1).length,
      flags.filter((flag, index) => index % 2 === 1 && flag === 1).length,
    ]);
  });

  it("of balanced classes lifts the rare one", async () => {
    const rare = (classifier: Classifier): Promise<number> =>
      runSingleOp(predict, "predictions", { inputs: { ...single, classifier } }).then(
        ({ scores }) => scores.filter((_, index) => index % 3 === 1).reduce((sum, score) => sum + score, 0) / images,
      );
    const long = { ...settings, epochs: 60 };
    const [plain, balanced] = [await fit(single, long), await fit(single, { ...long, class_weight: "balanced" })];
    // A fifth of the examples, and a third of the weight.
    expect(await rare(plain)).toBeCloseTo(0.2, 1);
    expect(await rare(balanced)).toBeGreaterThan((await rare(plain)) + 0.08);
  });
});

describe("stored views", () => {
  const plain = { ...settings, standardise: false };

  it.each([1, 2, 3])("that are all alike train as the images do, to the bit: %d", async (views) => {
    for (const data of [single, several]) {
      expect(await fit(viewsOf(data, views, 0), plain)).toEqual(await fit(data, plain));
    }
  });

  it("one an epoch, each of them in its turn", async () => {
    const image = 12;
    for (const epochs of [1, 2, 3]) {
      const once = { ...plain, epochs, batch_size: images };
      const before = await fit(viewsOf(single, 3, 1), once);
      // Another view of the image changes the head where its turn has come.
      const seen = await Promise.all(
        [0, 1, 2].map(async (view) => {
          const after = await fit(viewsOf(single, 3, 1, image * 3 + view), once);
          return after.weights.some((weight, at) => weight !== before.weights[at]);
        }),
      );
      expect(seen.filter(Boolean)).toHaveLength(epochs);
    }
  });

  it("are counted with their images", async () => {
    const { trainedOn, iterations } = await fit(viewsOf(single, 3, 1), settings);
    expect(trainedOn).toEqual((await fit(single, settings)).trainedOn);
    expect(trainedOn?.examples).toBe(images);
    expect(iterations).toBe(6 * Math.ceil(images / 7));
  });

  it("are standardised over all of them", async () => {
    const viewed = viewsOf(single, 2, 0.5);
    const column = viewed.features.data.filter((_, index) => index % width === 0);
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    expect((await fit(viewed, settings)).mean[0]).toBeCloseTo(mean, 5);
  });

  it("train the same by either engine", async () => {
    const viewed = viewsOf(single, 3, 0.2);
    const [onnx, tfjs] = [await fit(viewed, settings), await fit(viewed, { ...settings, engine: "tfjs" })];
    tfjs.weights.forEach((weight, at) => expect(weight).toBeCloseTo(onnx.weights[at]!, 5));
  });
});

function dataOf(examples: ExampleSet): Data {
  return { examples, features: featuresOf(examples, width, values) };
}

/** View k of an image is its features and k times a step. The row `moved` of them is elsewhere. */
function viewsOf({ examples, features }: Data, views: number, step: number, moved = -1): Data {
  const { width: labelWidth, values: labels } = examples.labels;
  const rows = examples.examples.flatMap((_, row) => Array<number>(views).fill(row));
  const recipe = { operations: ["shift"], seed: 0, stored: true };
  const set: ExampleSet = {
    ...examples,
    examples: rows.map((row, place) => {
      const image = examples.examples[row]!;
      const index = place % views;
      return { ...image, digest: `${image.digest} ${String(index)}`, view: { of: image.digest, index, recipe } };
    }),
    labels: {
      width: labelWidth,
      values: Int32Array.from(rows.flatMap((row) => [...labels.subarray(row * labelWidth, (row + 1) * labelWidth)])),
    },
  };
  const viewed = rows.flatMap((row, place) =>
    Array.from(features.data.subarray(row * width, (row + 1) * width), (value) =>
      place === moved ? value + 3 : value + step * (place % views),
    ),
  );
  return { examples: set, features: featuresOf(set, width, viewed) };
}

async function fit(data: Data, params: Readonly<Record<string, unknown>>): Promise<Classifier> {
  const defaults = Object.entries(linearSignature.params).map(([name, spec]): [string, unknown] => [
    name,
    "default" in spec ? spec.default : null,
  ]);
  const member = { ...Object.fromEntries(defaults), ...params };
  const origin = { op: "test", params: {} };
  const [answer] = await linear.run({
    params: member,
    members: [member],
    inputs: {
      features: { kind: "features", value: data.features, origin },
      examples: { kind: "examples", value: data.examples, origin },
    },
    fileDigests: {},
    threads: 1,
    device: "cpu",
    pseudonym: (identifier) => identifier,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  if (answer === undefined || !("value" in answer)) throw new Error("The head gave no answer.");
  return answer.value as Classifier;
}
