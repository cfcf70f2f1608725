import { describe, expect, it } from "vitest";
import { featuresOf, labelledExamples, runSingleOp } from "../../../../../tests/ops/run-single-op.ts";
import { classifierCodec, type Classifier } from "../../artifacts/classifier.ts";
import type { ExampleSet, ProblemKind } from "../../artifacts/examples.ts";
import type { FeatureMatrix } from "../../artifacts/features.ts";
import type { KindName } from "../../artifacts/kinds.ts";
import type { InputValue } from "../../op-context.ts";
import type { FusedAnswer } from "../../op.ts";
import { predict } from "../predict.ts";
import { linear } from "./linear.ts";
import { linearSignature } from "./linear-signature.ts";

const width = 3;
const rows = 60;

/** Rows whose class is where their largest feature is, with features of very different sizes. */
function problemOf(problem: ProblemKind, classes: number): { examples: ExampleSet; features: FeatureMatrix } {
  const values = Array.from(
    { length: rows * width },
    (_, index) => Math.sin(37 * index + 1) * 10 ** (index % width) + 4,
  );
  const labels = Array.from({ length: rows }, (_, row) => {
    const scaled = [0, 1, 2].map((column) => ((values[row * width + column] ?? 0) - 4) / 10 ** column);
    if (problem === "multi-label") return scaled.slice(0, classes).map((value) => (value > 0 ? 1 : 0));
    if (problem === "binary") return [(scaled[0] ?? 0) > 0 ? 1 : 0];
    return [scaled.indexOf(Math.max(...scaled))];
  });
  const examples = labelledExamples("train", problem, classes, labels.flat());
  return { examples, features: featuresOf(examples, width, values) };
}

const cases = [
  ["binary", 2],
  ["multi-class", 3],
  ["multi-label", 3],
] as const;

describe("linear", () => {
  it.each(cases)("learns a %s problem, as the predictions on its own examples show", async (problem, classes) => {
    const { examples, features } = problemOf(problem, classes);
    const [answer] = await fit({ examples, features }, [{ lr: 0.5, epochs: 60, batch_size: 16 }]);
    const classifier = valueOf(answer);
    expect(classifierCodec.decode(classifierCodec.encode(classifier))).toEqual(classifier);
    const { scores } = await runSingleOp(predict, "predictions", { inputs: { classifier, features, examples } });
    const right = examples.labels.values.filter((label, index) => {
      if (problem === "multi-label") return (scores[index] ?? 0) > 0.5 === (label === 1);
      const row = [...scores.subarray(index * classes, (index + 1) * classes)];
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(right.length / examples.labels.values.length).toBeGreaterThan(0.93);
  });

  it("starts from the seed alone, and gives other weights for another one", async () => {
    const data = problemOf("binary", 2);
    const [first] = await fit(data, [{ lr: 0.1, epochs: 2 }]);
    const [again] = await fit(data, [{ lr: 0.1, epochs: 2 }]);
    const [other] = await fit(data, [{ lr: 0.1, epochs: 2, seed: 1 }]);
    expect(valueOf(again)).toEqual(valueOf(first));
    expect(valueOf(other).weights).not.toEqual(valueOf(first).weights);
  });

  it("keeps the weights at the end of every epoch, and stops at a share of the steps", async () => {
    const data = problemOf("multi-class", 3);
    const [whole] = await fit(data, [{ lr: 0.1, epochs: 4, keep_epochs: true }]);
    const [half] = await fit(data, [{ lr: 0.1, epochs: 4, stop_at: 0.5 }]);
    const { epochWeights, epochBias, weights } = valueOf(whole);
    expect(epochBias).toHaveLength(4 * 3);
    expect(Float64Array.from(epochWeights.subarray(-3 * width))).toEqual(weights);
    expect(valueOf(half).weights).toEqual(Float64Array.from(epochWeights.subarray(1 * 9, 2 * 9)));
  });

  it("fails for the head whose loss is not finite, and answers so inside a search", async () => {
    const data = problemOf("binary", 2);
    const settings = [
      { lr: 0.1, weight_decay: 1, epochs: 5 },
      { lr: 1e30, weight_decay: 1, epochs: 5 },
    ];
    const [fine, wrong] = await fit(data, settings);
    expect(valueOf(fine).unusable).toBeNull();
    expect(wrong).toMatchObject({
      failure: {
        code: "loss-not-finite",
        message: "The loss of the linear head (lr 1e+30, weight_decay 1) is not finite: its steps are too large.",
      },
    });
    const [, passedOver] = await fit(
      data,
      settings.map((each) => ({ ...each, in_search: true })),
    );
    expect(valueOf(passedOver).unusable).toMatch("is not finite");
    const predictions = await runSingleOp(predict, "predictions", {
      inputs: { ...data, classifier: valueOf(passedOver) },
    });
    expect(predictions).toMatchObject({ ids: [], unusable: valueOf(passedOver).unusable });
  });

  it("fails where the backbone lacks the parts, and answers so inside a search", async () => {
    const data = problemOf("binary", 2);
    await expect(fit(data, [{ lr: 0.1, blocks: 4 }])).rejects.toMatchObject({ code: "part-unknown" });
    const [answer] = await fit(data, [{ lr: 0.1, blocks: 4, in_search: true }]);
    expect(valueOf(answer).unusable).toMatch("no cls_4, cls_3, cls_2, cls_1; they have pooled");
  });

  it("refuses examples of one class", async () => {
    const examples = labelledExamples("train", "binary", 2, [1, 1, 1]);
    const features = featuresOf(examples, 1, [1, 2, 3]);
    await expect(fit({ examples, features }, [{ lr: 0.1 }])).rejects.toMatchObject({ code: "single-class" });
  });

  it("hands on what the search that chose its settings has to say", async () => {
    const value = {
      settings: {},
      metric: "auroc",
      want: "max",
      points: [],
      scores: [],
      chosen: 0,
      notes: ["an edge"],
    } as const;
    const [answer] = await fit({ ...problemOf("binary", 2), choice: value }, [{ lr: 0.1, epochs: 1 }]);
    expect(valueOf(answer).notes).toEqual(["an edge"]);
  });
});

type Inputs = Readonly<Record<string, InputValue["value"]>>;

async function fit(
  values: Inputs,
  members: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly FusedAnswer[]> {
  const defaults = Object.entries(linearSignature.params).map(([name, spec]) => [
    name,
    "default" in spec ? spec.default : null,
  ]);
  const all = members.map((member) => ({ ...(Object.fromEntries(defaults) as Record<string, unknown>), ...member }));
  const kindOf = (name: string): KindName =>
    name === "choice" ? "choice" : linearSignature.inputs[name as "features"].kind;
  const inputs = Object.entries(values).map(([name, value]): [string, InputValue] => [
    name,
    { kind: kindOf(name), value, origin: { op: "test", params: {} } },
  ]);
  return linear.run({
    params: all[0] ?? {},
    members: all,
    inputs: Object.fromEntries(inputs),
    fileDigests: {},
    threads: 1,
    device: "cpu",
    pseudonym: (identifier) => identifier,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

function valueOf(answer: FusedAnswer | undefined): Classifier {
  if (answer === undefined || !("value" in answer)) throw new Error("the head gave no answer");
  return answer.value as Classifier;
}
