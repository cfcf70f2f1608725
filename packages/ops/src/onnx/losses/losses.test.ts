import { describe, expect, it } from "vitest";
import {
  drawLossInputs,
  readLossesFixture,
  type LossCase,
  type LossOptions,
} from "../../../../../tests/ops/reference/losses-fixture.ts";
import { openSession, type TensorValue } from "../../runtime/session.ts";
import { differentiate } from "../differentiate/differentiate.ts";
import { createGraphBuilder, type FloatType, type GraphType } from "../graph-builder.ts";
import { interpret } from "../interpreter/interpret.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { freeDimension } from "../shapes.ts";
import { writeModel } from "../write-model.ts";
import { binaryCrossEntropyLoss } from "./binary-cross-entropy-loss.ts";
import { crossEntropyLoss } from "./cross-entropy-loss.ts";
import { diceCrossEntropyLoss } from "./dice-cross-entropy-loss.ts";
import type { Loss } from "./loss.ts";
import { meanSquaredError } from "./mean-squared-error.ts";
import { softDiceLoss } from "./soft-dice-loss.ts";

function createLoss({ loss, options }: LossOptions): Loss {
  switch (loss) {
    case "crossEntropy":
      return crossEntropyLoss(options);
    case "binaryCrossEntropy":
      return binaryCrossEntropyLoss(options);
    case "meanSquaredError":
      return meanSquaredError();
    case "softDice":
      return softDiceLoss(options);
    case "diceCrossEntropy":
      return diceCrossEntropyLoss(options);
  }
}

/** The loss as a graph of any number of examples: outputs `sum`, `weight`, and `gradient` of the sum by the prediction. */
function modelOf(
  loss: Loss,
  { shape, truth }: LossCase,
  [type, classType]: readonly [FloatType, GraphType],
): OnnxModel {
  const graph = createGraphBuilder();
  const examples = freeDimension("examples");
  const [, outputs, ...space] = shape;
  const prediction = graph.input("prediction", [examples, outputs, ...space], type);
  const given =
    truth === "classes"
      ? graph.input("truth", [examples, ...space], classType)
      : graph.input("truth", prediction.shape, type);
  const counts = graph.input("counts", [examples], type);
  const { sum, weight } = loss(graph, { prediction, truth: given, counts });
  const [gradient] = differentiate(graph, sum, [prediction]);
  expect([sum.shape, weight.shape, gradient?.shape]).toEqual([[], [], prediction.shape]);
  graph.output("sum", sum);
  graph.output("weight", weight);
  graph.output("gradient", gradient!);
  return graph.toModel("loss");
}

/** Examples in their order. */
interface Batch {
  readonly prediction: readonly number[];
  readonly truth: readonly number[];
  readonly counts: readonly number[];
}

interface Answer {
  readonly sum: number;
  readonly weight: number;
  readonly gradient: readonly number[];
}

/** What the interpreter makes of a case, in float64. */
function interpreted(subject: LossCase): (batch: Batch) => Answer {
  const model = modelOf(createLoss(subject), subject, ["float64", "int64"]);
  return (batch) => {
    const feeds = Object.entries(dimsOf(subject, batch)).map(
      ([name, dims]) => [name, { dims, data: Float64Array.from(batch[name as keyof Batch]) }] as const,
    );
    const tensors = interpret(model.graph, new Map(feeds));
    return answerOf((name) => tensors.get(name)!.data);
  };
}

/** What onnxruntime makes of it, in float32. */
async function inOnnxruntime(
  subject: LossCase,
  batches: readonly Batch[],
  classType: "int32" | "int64" = "int64",
): Promise<readonly Answer[]> {
  const model = modelOf(createLoss(subject), subject, ["float32", classType]);
  const session = await openSession({ model: { data: await writeModel(model), name: null }, threads: 1 });
  const valuesOf = (name: keyof Batch, values: readonly number[]): TensorValue["data"] => {
    if (name !== "truth" || subject.truth !== "classes") return Float32Array.from(values);
    return classType === "int32" ? Int32Array.from(values) : BigInt64Array.from(values.map(BigInt));
  };
  const answers: Answer[] = [];
  for (const batch of batches) {
    const feeds = Object.entries(dimsOf(subject, batch)).map(
      ([name, dims]) => [name, { dims, data: valuesOf(name as keyof Batch, batch[name as keyof Batch]) }] as const,
    );
    const results = await session.evaluate(Object.fromEntries(feeds), ["sum", "weight", "gradient"]);
    answers.push(answerOf((name) => Float64Array.from(results.get(name)!.data as Float32Array)));
  }
  await session.close();
  return answers;
}

function answerOf(read: (name: keyof Answer) => Float64Array): Answer {
  return { sum: read("sum")[0]!, weight: read("weight")[0]!, gradient: [...read("gradient")] };
}

function dimsOf({ shape, truth }: LossCase, { counts }: Batch): Readonly<Record<keyof Batch, readonly number[]>> {
  const [, outputs, ...space] = shape;
  const prediction = [counts.length, outputs, ...space];
  return { prediction, truth: truth === "classes" ? [counts.length, ...space] : prediction, counts: [counts.length] };
}

/** Some examples of a batch, one after the other. */
function cut(batch: Batch, from: number, to: number): Batch {
  const examples = batch.counts.length;
  const part = (values: readonly number[]): readonly number[] =>
    values.slice((from * values.length) / examples, (to * values.length) / examples);
  return { prediction: part(batch.prediction), truth: part(batch.truth), counts: part(batch.counts) };
}

function joined(...batches: readonly Batch[]): Batch {
  return {
    prediction: batches.flatMap(({ prediction }) => prediction),
    truth: batches.flatMap(({ truth }) => truth),
    counts: batches.flatMap(({ counts }) => counts),
  };
}

/** The first example once more, but not to count, and with such predictions. */
function fillerOf(batch: Batch, value: number): Batch {
  const first = cut(batch, 0, 1);
  return { ...first, counts: [0], prediction: first.prediction.map((_, index) => (index % 2 === 0 ? value : -value)) };
}

/** Relative to the largest of the expected. */
function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(1e-12, ...expected.map(Math.abs));
  actual.forEach((value, at) => {
    expect(Math.abs(value - expected[at]!) / scale).toBeLessThan(tolerance);
  });
}

const cases = readLossesFixture().map((subject, place) => {
  const batch: Batch = { ...drawLossInputs(subject, place), counts: Array.from({ length: subject.shape[0] }, () => 1) };
  const { loss, options, shape, factor, lacksLastClass } = subject;
  const special = `${factor === 1 ? "" : `, some by ${String(factor)}`}${lacksLastClass ? ", a class absent" : ""}`;
  return { name: `${loss} ${JSON.stringify(options)} of [${shape.join(", ")}]${special}`, subject, batch };
});

/** Whether sum and weight are those of the examples, added. */
function addsUp({ loss, options }: LossCase): boolean {
  if (loss === "softDice") return options.batch !== true;
  if (loss !== "diceCrossEntropy") return true;
  return options.batch !== true && (options.classWeights ?? null) === null;
}

describe.each(cases)("$name", ({ subject, batch }) => {
  const evaluate = interpreted(subject);

  it("is the loss and the gradient of PyTorch and MONAI", async () => {
    const exact = evaluate(batch);
    expectClose([exact.sum / exact.weight], [subject.value], 1e-9);
    const slope = exact.gradient.map((value) => value / exact.weight);
    expectClose(slope, subject.gradient, 1e-9);
    for (const classType of ["int32", "int64"] as const) {
      const [rounded] = await inOnnxruntime(subject, [batch], classType);
      expectClose([rounded!.sum / rounded!.weight], [subject.value], 1e-5);
      expectClose(
        rounded!.gradient.map((value) => value / rounded!.weight),
        subject.gradient,
        1e-5,
      );
    }
  });

  it("has the gradient that central differences show", () => {
    const { gradient } = evaluate(batch);
    const step = 1e-5;
    const scale = Math.max(...gradient.map(Math.abs));
    batch.prediction.forEach((value, at) => {
      const [above, below] = [value + step, value - step].map(
        (moved) => evaluate({ ...batch, prediction: batch.prediction.with(at, moved) }).sum,
      );
      const difference = (above! - below!) / (2 * step);
      expect(Math.abs(gradient[at]! - difference)).toBeLessThan(1e-6 * Math.max(1, scale));
    });
  });

  it("takes nothing from an example that does not count", async () => {
    const filled = [1, 1e30, Infinity, NaN].map((value) =>
      joined(fillerOf(batch, value), batch, fillerOf(batch, value)),
    );
    const size = batch.prediction.length / batch.counts.length;
    const zeros = Array.from({ length: size }, () => 0);
    const alone = evaluate(batch);
    const [inFloat32, ...rounded] = await inOnnxruntime(subject, [batch, ...filled]);
    filled.forEach((each, place) => {
      const exact = evaluate(each);
      expect(exact.weight).toBe(alone.weight);
      expect(exact.sum).toBe(alone.sum);
      expect(exact.gradient.map(Math.abs)).toEqual([...zeros, ...alone.gradient, ...zeros].map(Math.abs));
      const { sum, weight, gradient } = rounded[place]!;
      expect(gradient.slice(0, size).map(Math.abs)).toEqual(zeros);
      expect(gradient.slice(-size).map(Math.abs)).toEqual(zeros);
      expectClose([sum, weight], [inFloat32!.sum, inFloat32!.weight], 1e-6);
      expectClose(gradient.slice(size, -size), inFloat32!.gradient, 1e-6);
    });
  });

  it("is nothing where no example counts", async () => {
    const none = { ...batch, counts: batch.counts.map(() => 0) };
    const expected = { sum: 0, weight: 0, gradient: batch.prediction.map(() => 0) };
    for (const { sum, weight, gradient } of [evaluate(none), ...(await inOnnxruntime(subject, [none]))]) {
      expect({ sum: Math.abs(sum), weight, gradient: gradient.map(Math.abs) }).toEqual(expected);
    }
  });
});

it.each(cases.filter(({ subject }) => addsUp(subject) && subject.shape[0] > 1))(
  "adds up over the parts of a batch: $name",
  ({ subject, batch }) => {
    const evaluate = interpreted(subject);
    const whole = evaluate(batch);
    const parts = [evaluate(cut(batch, 0, 1)), evaluate(cut(batch, 1, batch.counts.length))];
    expectClose([parts[0]!.sum + parts[1]!.sum], [whole.sum], 1e-12);
    expectClose([parts[0]!.weight + parts[1]!.weight], [whole.weight], 1e-12);
    const gradient = parts.flatMap((part) => part.gradient);
    expectClose(gradient, whole.gradient, 1e-12);
  },
);

it.each(cases.filter(({ subject }) => !addsUp(subject)))(
  "weighs a batch by its examples where it does not add up: $name",
  ({ subject, batch }) => {
    expect(interpreted(subject)(batch).weight).toBe(batch.counts.length);
  },
);

it("leaves the cross-entropy out where no place has a class of any weight", async () => {
  const { subject, batch } = cases.find(
    (each) => each.subject.loss === "diceCrossEntropy" && each.subject.lacksLastClass,
  )!;
  const options = { activation: "softmax", classWeights: [0, 0, 0, 1] } as const;
  const both = { ...subject, loss: "diceCrossEntropy", options } as const;
  const dice = interpreted({ ...subject, loss: "softDice", options })(batch);
  expect(dice.sum).toBeGreaterThan(0);
  expect(interpreted(both)(batch)).toEqual(dice);
  expectClose((await inOnnxruntime(both, [batch]))[0]!.gradient, dice.gradient, 1e-5);
});
