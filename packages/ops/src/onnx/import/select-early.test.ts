import { describe, expect, it } from "vitest";
import { readNetworkGraph, readNetworks } from "../../../../../tests/ops/reference/network-fixture.ts";
import { buildVitGraph } from "../../backbones/vit-graph.ts";
import { openSession } from "../../runtime/session.ts";
import { createGraphBuilder, type GraphBuilder, type GraphTensor } from "../graph-builder.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { relu } from "../operators/activations.ts";
import { add } from "../operators/arithmetic.ts";
import { pick } from "../operators/layout.ts";
import { matMul } from "../operators/products.ts";
import { readModel } from "../read-model.ts";
import { elementCount, type Shape } from "../shapes.ts";
import { writeModel } from "../write-model.ts";
import { applyModel } from "./apply-model.ts";
import { selectEarly } from "./select-early.ts";

/** The tensor as it was and selected early, and how many multiplications the products of each way take. */
async function compare(graph: GraphBuilder, tensor: GraphTensor, input: Shape) {
  const early = selectEarly(graph, tensor);
  graph.output("late", tensor);
  graph.output("early", early);
  const work = [tensor, early].map((end) => multiplications(graph, end));
  const session = await openSession({
    model: { data: await writeModel(graph.toModel("both")), name: null },
    use: "network",
  });
  const data = Float32Array.from({ length: Number(elementCount(input)) }, (_, at) => Math.sin(at * 0.7));
  const name = session.inputs[0]!.name;
  const results = await session.run({ [name]: { data, dims: input.map(Number) } }, ["late", "early"]);
  await session.close();
  const [late, found] = ["late", "early"].map((each) => results.get(each)!);
  expect(found!.dims).toEqual(late!.dims);
  found!.data.forEach((value, at) => expect(value).toBeCloseTo(late!.data[at]!, 5));
  return { late: work[0]!, early: work[1]! };
}

function multiplications({ nodes }: GraphBuilder, end: GraphTensor): number {
  const wanted = new Set([end.name]);
  let sum = 0;
  for (const { operator, inputs, outputs } of nodes.toReversed()) {
    if (!outputs.some(({ name }) => wanted.has(name))) continue;
    for (const input of inputs) if (input !== null) wanted.add(input.name);
    if (!["MatMul", "Gemm"].includes(operator)) continue;
    sum += Number(elementCount(outputs[0]!.shape)) * Number(inputs[0]!.shape.at(-1));
  }
  return sum;
}

function use(model: OnnxModel, input: string, { shape, tensor }: { readonly shape: Shape; readonly tensor: string }) {
  const graph = createGraphBuilder();
  const x = graph.input(input, shape);
  const results = applyModel(graph, model, { file: "net.onnx", inputs: { [input]: x }, tensors: [tensor] });
  return { graph, tensor: results.get(tensor)! };
}

describe("what is selected of a tensor is selected before it is worked out", () => {
  const sizes = { imageSize: 16, patchSize: 4, width: 32, depth: 2, heads: 4, mlpRatio: 4 };
  const weights = (name: string, shape: readonly number[]): Float32Array =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => Math.cos(at + name.length) / 4);
  const shape = [2, 3, 16, 16];

  it("works out one row of a transformer's last perceptron for its class token", async () => {
    const { graph, tensor } = use(buildVitGraph(sizes, weights), "pixel_values", { shape, tensor: "cls_1" });
    const work = await compare(graph, tensor, shape);
    // Of 12 width² a token and block (query, key and value 3, projection 1, perceptron 8), 9 in the last block fall away for 16 tokens.
    const saved = 2 * 16 * 9 * 32 ** 2;
    expect(work.late - work.early).toBeGreaterThanOrEqual(saved);
  });

  it.each(["torchscript", "torchscript-folded", "dynamo", "dynamo-optimized"])(
    "does so as %s exports it",
    async (exporter) => {
      const network = readNetworks().find(({ name }) => name === "vit")!;
      const model = await readNetworkGraph(network, exporter, readModel);
      const images = [network.batchSize, ...network.image];
      const { graph, tensor } = use(model, "images", { shape: images, tensor: "logits" });
      const { late, early } = await compare(graph, tensor, images);
      expect(early).toBeLessThan(0.75 * late);
    },
  );

  it("leaves alone what is read whole as well", async () => {
    const { graph, tensor } = use(buildVitGraph(sizes, weights), "pixel_values", { shape, tensor: "patch_mean" });
    const work = await compare(graph, tensor, shape);
    expect(work.early).toBe(work.late);

    const both = createGraphBuilder();
    const x = both.input("x", [2, 3, 4]);
    const square = both.weight("w", new Float32Array(16).fill(0.5), [4, 4]);
    const shared = relu(both, matMul(both, x, square));
    const first = pick(both, shared, { axis: 1, index: 0 });
    const last = pick(both, shared, { axis: 1, index: 2 });
    const { late, early } = await compare(both, add(both, first, last), [2, 3, 4]);
    expect(early).toBe(late);
  });

  it("counts from the end, and along the axis that a transposition or a reshape made of another", async () => {
    const graph = createGraphBuilder();
    const x = graph.input("x", [2, 3, 4]);
    const wide = graph.weight(
      "w",
      Float32Array.from({ length: 20 }, (_, at) => at / 20),
      [4, 5],
    );
    const turned = graph.node({
      operator: "Transpose",
      inputs: [matMul(graph, x, wide)],
      attributes: { perm: { ints: [1, 0, 2] } },
      shape: [3, 2, 5],
    });
    const chosen = graph.node({
      operator: "Gather",
      inputs: [turned, graph.integers(-1)],
      attributes: {},
      shape: [2, 5],
    });
    const { late, early } = await compare(graph, chosen, [2, 3, 4]);
    expect(early).toBe(late / 3);
  });
});
