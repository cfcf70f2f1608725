import { describe, expect, it } from "vitest";
import { readAttentionFixture, type AttentionCase } from "../../../../../tests/ops/reference/attention-fixture.ts";
import type { AttentionClassifier } from "../../artifacts/attention.ts";
import { cosineSchedule } from "../../onnx/schedules/cosine.ts";
import type { FeaturePart } from "../feature-part.ts";
import { attentionShares } from "./predict-bags.ts";
import { trainAttention, type AttentionWeights, type TrainedAttention } from "./train-attention.ts";

const hooks = { signal: new AbortController().signal, progress: () => undefined };
const names = ["tanh", "sigmoid", "attention", "weights", "bias"] as const;

describe.each(readAttentionFixture())("attention, $name", (expected) => {
  it("goes the way of PyTorch's AdamW, from the same weights by the same batches", async () => {
    const { losses, weights } = await train(expected);
    expect(losses).toHaveLength(expected.losses.length);
    expect(furthest(losses, expected.losses)).toBeLessThan(1e-5);
    for (const name of names) expect(furthest(weights![name], expected.weights[name])).toBeLessThan(1e-4);
    expect(furthest(weights!.tanh, expected.start.tanh)).toBeGreaterThan(0.01);
  });

  it("counts rows as PyTorch does, and those of a bag to one", async () => {
    const shares = await attentionShares(headOf(expected), { part: partOf(expected), bags: expected.bags }, hooks);
    for (const [place, rows] of expected.bags.entries()) {
      const ofBag = rows.map((row) => shares[row] ?? Number.NaN);
      expect(furthest(ofBag, expected.shares[place] ?? [])).toBeLessThan(1e-5);
      expect(ofBag.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  });
});

describe("trainAttention", () => {
  const [binary] = readAttentionFixture();

  it("gives the same bits again, and tells each bag's rows from those of the others", async () => {
    const first = await train(binary!);
    expect(await train(binary!)).toEqual(first);
    // Another bag's row in place of one changes what is learnt of that bag only in its own batches: the first loss without it stays.
    const [batch] = [binary!.plan.order[0]!.slice(0, binary!.plan.batchSize)];
    const absent = binary!.bags.findIndex((_, bag) => !batch.includes(bag));
    const changed = binary!.bags.map((rows, bag) => (bag === absent ? [0, ...rows.slice(1)] : rows));
    const other = await train({ ...binary!, bags: changed });
    expect(other.losses[0]).toBe(first.losses[0]);
    expect(other.losses).not.toEqual(first.losses);
  });

  it("ends with no weights where the loss is not finite", async () => {
    const { losses, weights } = await train({ ...binary!, plan: { ...binary!.plan, lr: 1e38 } });
    expect(weights).toBeNull();
    expect(losses.length).toBeLessThan(binary!.losses.length);
  });

  it("stops when it is told to", async () => {
    await expect(train(binary!, AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
  });
});

function train(given: AttentionCase, signal: AbortSignal = hooks.signal): Promise<TrainedAttention> {
  const { sizes, plan, bags, loss, start } = given;
  const steps = plan.epochs * Math.ceil(bags.length / plan.batchSize);
  const factorAt = cosineSchedule(steps);
  return trainAttention(
    { values: Float32Array.from(given.values), bags, loss, targets: Int32Array.from(given.targets) },
    {
      sizes,
      epochs: plan.epochs,
      batchSize: plan.batchSize,
      order: (epoch) => Int32Array.from(plan.order[epoch] ?? []),
      bagsPerEpoch: bags.length,
      rateAt: (step) => plan.lr * factorAt(step),
      weightDecay: plan.weightDecay,
      start: floats(start),
    },
    { ...hooks, signal },
  );
}

function headOf({ name, sizes, weights }: AttentionCase): AttentionClassifier {
  const { inputs, hidden, outputs } = sizes;
  return {
    classifier: {
      problem: name,
      classNames: Array.from({ length: Math.max(2, outputs) }, (_, index) => String(index)),
      ...{ parts: ["pooled"], inputs, outputs, unusable: null, iterations: 1, converged: true, notes: [] },
      mean: new Float64Array(inputs),
      deviation: new Float64Array(inputs).fill(1),
      weights: Float64Array.from(weights.weights),
      bias: Float64Array.from(weights.bias),
      epochWeights: new Float32Array(),
      epochBias: new Float32Array(),
    },
    hidden,
    tanhWeights: Float32Array.from(weights.tanh),
    sigmoidWeights: Float32Array.from(weights.sigmoid),
    attention: Float32Array.from(weights.attention),
  };
}

function partOf({ values, sizes }: AttentionCase): FeaturePart {
  const rows = values.length / sizes.inputs;
  return { name: "pooled", rows, width: sizes.inputs, values: Float32Array.from(values) };
}

function floats(weights: AttentionCase["start"]): AttentionWeights {
  const of = (name: (typeof names)[number]): Float32Array => Float32Array.from(weights[name]);
  return {
    tanh: of("tanh"),
    sigmoid: of("sigmoid"),
    attention: of("attention"),
    weights: of("weights"),
    bias: of("bias"),
  };
}

/** The largest difference, as a share of the reference's largest value. */
function furthest(values: ArrayLike<number>, reference: readonly number[]): number {
  expect(values.length).toBe(reference.length);
  const size = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return reference.reduce((most, value, index) => {
    const distance = Math.abs((values[index] ?? Number.NaN) - value) / size;
    return distance <= most ? most : distance;
  }, 0);
}
