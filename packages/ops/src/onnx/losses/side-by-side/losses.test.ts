import { describe, expect, it } from "vitest";
import { openSession } from "../../../runtime/session.ts";
import { createGraphBuilder, type GraphBuilder, type GraphTensor } from "../../graph-builder.ts";
import { writeModel } from "../../write-model.ts";
import { reshape } from "../../operators/layout.ts";
import { binaryCrossEntropy } from "./binary-cross-entropy.ts";
import { crossEntropy } from "./cross-entropy.ts";
import type { StepLoss } from "./step-loss.ts";

const shares = [0.5, 0.25, 0.25, 0];

/** Runs a loss on logits of 4 examples, 2 heads and 3 outputs. */
async function prepare(build: (graph: GraphBuilder) => StepLoss) {
  const graph = createGraphBuilder();
  const { gradient, losses } = build(graph);
  graph.output("gradient", gradient);
  graph.output("losses", losses);
  const session = await openSession({ model: { data: await writeModel(graph.toModel("loss")), name: null } });
  return async (logits: Float32Array) => {
    const results = await session.evaluate({ logits: { data: logits, dims: [4, 6] } }, ["gradient", "losses"]);
    const valuesOf = (name: string): readonly number[] => Array.from(results.get(name)?.data ?? [], Number);
    return { gradient: valuesOf("gradient"), losses: valuesOf("losses") };
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Repeated for both heads. */
const tableOf = (graph: GraphBuilder, rows: readonly (readonly number[])[]): GraphTensor =>
  reshape(graph, graph.floats(rows.flatMap((row) => [...row, ...row])), [4, 6]);
const sharesOf = (graph: GraphBuilder): GraphTensor => reshape(graph, graph.floats(shares), [1, 4]);

/** Of the outputs of an example; a softmax's are all alike. */
const ofClasses = [2, 0, 0.5, 3].map((weight) => [weight, weight, weight]);
const ofLabels = [
  [1, 0, 2],
  [0.5, 3, 0],
  [0, 0, 0],
  [1, 2, 3],
];

const truths = {
  classes: [
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
    [0, 1, 0],
  ],
  labels: [
    [0, 0, 1],
    [1, 1, 0],
    [1, 1, 1],
    [0, 0, 0],
  ],
} as const;

const softmaxLoss = (weights?: readonly (readonly number[])[]) => (graph: GraphBuilder) =>
  crossEntropy(graph, graph.input("logits", [4, 6]), {
    truth: tableOf(graph, truths.classes),
    shares: sharesOf(graph),
    classes: 3,
    ...(weights !== undefined && { elementWeights: tableOf(graph, weights) }),
  });

const sigmoidLoss = (weights?: readonly (readonly number[])[]) => (graph: GraphBuilder) =>
  binaryCrossEntropy(graph, graph.input("logits", [4, 6]), {
    truth: tableOf(graph, truths.labels),
    shares: sharesOf(graph),
    outputs: 3,
    ...(weights !== undefined && { elementWeights: tableOf(graph, weights) }),
  });

const losses: Readonly<Record<string, (graph: GraphBuilder) => StepLoss>> = {
  crossEntropy: softmaxLoss(),
  binaryCrossEntropy: sigmoidLoss(),
  "crossEntropy, weighted": softmaxLoss(ofClasses),
  "binaryCrossEntropy, weighted": sigmoidLoss(ofLabels),
};

describe.each(Object.entries(losses))("%s", (_, build) => {
  it("has the gradient that central differences show", async () => {
    const evaluate = await prepare(build);
    const logits = Float32Array.from({ length: 24 }, (_unused, index) => 3 * Math.sin(index + 1));
    const { gradient } = await evaluate(logits);
    for (const [index, value] of logits.entries()) {
      const [above, below] = [value + 1e-2, value - 1e-2].map((moved) => evaluate(logits.with(index, moved)));
      const difference = total((await above!).losses) - total((await below!).losses);
      expect(gradient[index]).toBeCloseTo(difference / 2e-2, 4);
    }
    expect(gradient.slice(18)).toEqual([0, 0, 0, 0, 0, 0].map(() => expect.closeTo(0, 12) as number));
  });

  it("stays finite, and exact, for logits far out", async () => {
    const evaluate = await prepare(build);
    const { gradient, losses: far } = await evaluate(new Float32Array(24).fill(1e4).fill(-1e4, 12));
    expect([...gradient, ...far].every(Number.isFinite)).toBe(true);
  });
});

it.each([
  ["", [1, 1, 1, 1].map((weight) => [weight, weight, weight]), [1, 1, 1, 1].map((weight) => [weight, weight, weight])],
  [", weighted", ofClasses, ofLabels],
])("gives the losses that their definitions do%s", async (kind, classWeights, labelWeights) => {
  const logits = Float32Array.from({ length: 24 }, (_, index) => 2 * Math.cos(index));
  const softmax = (await (await prepare(losses[`crossEntropy${kind}`]!))(logits)).losses;
  const sigmoid = (await (await prepare(losses[`binaryCrossEntropy${kind}`]!))(logits)).losses;
  for (const head of [0, 1]) {
    const rows = [0, 1, 2, 3].map((example) => [...logits.subarray((2 * example + head) * 3).subarray(0, 3)]);
    const entropies = rows.map(
      (row, example) =>
        classWeights[example]![0]! * (Math.log(total(row.map(Math.exp))) - row[[0, 2, 1, 1][example]!]!),
    );
    expect(total(softmax.slice(3 * head, 3 * head + 3))).toBeCloseTo(weighted(entropies), 6);
    const truth = [0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0];
    const lossOf = (z: number, isTrue: boolean): number => Math.log1p(Math.exp(isTrue ? -z : z));
    const binary = rows.map(
      (row, example) =>
        total(row.map((z, label) => labelWeights[example]![label]! * lossOf(z, truth[3 * example + label] === 1))) / 3,
    );
    expect(total(sigmoid.slice(3 * head, 3 * head + 3))).toBeCloseTo(weighted(binary), 6);
  }
});

const weighted = (values: readonly number[]): number => total(values.map((value, example) => value * shares[example]!));
