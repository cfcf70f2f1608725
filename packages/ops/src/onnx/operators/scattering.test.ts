import { expect, it } from "vitest";
import { openSession } from "../../runtime/session.ts";
import { createGraphBuilder, type GraphBuilder, type GraphTensor } from "../graph-builder.ts";
import { writeModel } from "../write-model.ts";
import { reshape } from "./layout.ts";
import { gatherBlocks, scatterBlocks, scatterBlocksAdd } from "./scattering.ts";

/** A graph's result for x = 0, 1, 2, ... */
async function evaluate(
  shape: readonly number[],
  build: (graph: GraphBuilder, x: GraphTensor) => GraphTensor,
  threads = 1,
): Promise<readonly number[]> {
  const graph = createGraphBuilder();
  const result = build(graph, graph.input("x", shape));
  graph.output("y", result);
  const session = await openSession({ model: { data: await writeModel(graph.toModel("test")), name: null }, threads });
  const size = shape.reduce((product, each) => product * each, 1);
  const y = (
    await session.run({ x: { data: Float32Array.from({ length: size }, (_, at) => at), dims: shape } }, ["y"])
  ).get("y")!;
  await session.close();
  expect(y.dims).toEqual(result.shape);
  return [...y.data];
}

const places = (graph: GraphBuilder, indices: readonly number[], shape: readonly number[]): GraphTensor =>
  reshape(graph, graph.integers(indices), shape);

it("gathers blocks by several axes, and of each image by itself", async () => {
  const both = await evaluate([2, 2, 2], (graph, x) =>
    gatherBlocks(graph, x, { indices: places(graph, [1, -2, 0, 1], [2, 2]) }),
  );
  expect(both).toEqual([4, 5, 2, 3]);
  const each = await evaluate([2, 3, 1], (graph, x) => {
    return gatherBlocks(graph, x, { indices: places(graph, [2, 0, -1, -1], [2, 2, 1]), shared: 1 });
  });
  expect(each).toEqual([2, 0, 5, 5]);
});

it("replaces blocks", async () => {
  const y = await evaluate([3, 2], (graph, x) => {
    const updates = reshape(graph, graph.floats([8, 9]), [1, 2]);
    return scatterBlocks(graph, x, { indices: places(graph, [-1], [1, 1]), updates });
  });
  expect(y).toEqual([0, 1, 2, 3, 8, 9]);
});

it("adds to blocks, also where several meet, and of each image by itself", async () => {
  const rows = await evaluate([3, 2], (graph, x) => {
    const updates = reshape(graph, graph.floats([10, 20, 30, 40, 50, 60]), [3, 2]);
    return scatterBlocksAdd(graph, x, { indices: places(graph, [2, 0, -1], [3, 1]), updates });
  });
  expect(rows).toEqual([30, 41, 2, 3, 4 + 10 + 50, 5 + 20 + 60]);
  const values = await evaluate([2, 2, 2], (graph, x) => {
    const indices = places(graph, [0, 1, 0, 1, 1, 0, -1, -1], [2, 2, 2]);
    const updates = reshape(graph, graph.floats([10, 20, 30, 40]), [2, 2]);
    return scatterBlocksAdd(graph, x, { indices, updates, shared: 1 });
  });
  expect(values).toEqual([0, 31, 2, 3, 4, 5, 36, 47]);
});

it("loses nothing that meets at a place, on several threads", async () => {
  const count = 200_000;
  const y = await evaluate(
    [2],
    (graph, x) => {
      const indices = graph.node({
        operator: "Expand",
        inputs: [graph.integers([1]), graph.integers([count, 1])],
        shape: [count, 1],
      });
      const updates = graph.node({
        operator: "Expand",
        inputs: [graph.floats([1]), graph.integers([count])],
        shape: [count],
      });
      return scatterBlocksAdd(graph, x, { indices, updates });
    },
    4,
  );
  expect(y).toEqual([0, 1 + count]);
});
