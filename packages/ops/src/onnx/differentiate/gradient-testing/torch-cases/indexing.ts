import type { GraphScope, GraphTensor } from "../../../graph-builder.ts";
import { gather, gatherElements, scatter, scatterAdd } from "../../../operators/indexing.ts";
import { reshape } from "../../../operators/layout.ts";
import { gatherBlocks, scatterBlocks } from "../../../operators/scattering.ts";
import { alone, ofTwo, type TorchCases } from "./build.ts";

export const indexingCases: TorchCases = {
  Gather: {
    "rows, some twice": alone((graph, x) => gather(graph, x, { indices: graph.integers([2, 0, 2, 2]), axis: 0 })),
    "a matrix of indices, from the end": alone((graph, x) => {
      const indices = reshape(graph, graph.integers([0, -1, 1, 1, 2, -3]), [2, 3]);
      return gather(graph, x, { indices, axis: 1 });
    }),
    "one index": alone((graph, x) => gather(graph, x, { indices: graph.integers(1), axis: 1 })),
  },
  GatherElements: {
    "down, some twice": alone((graph, x) => {
      const indices = reshape(graph, graph.integers([2, 0, 1, 2, 2, 0]), [2, 3]);
      return gatherElements(graph, x, { indices, axis: 0 });
    }),
    "across, from the end": alone((graph, x) => {
      const indices = reshape(graph, graph.integers([1, -2, 0, 2, 0, 2, -1, 2]), [2, 4]);
      return gatherElements(graph, x, { indices, axis: 1 });
    }),
  },
  GatherND: {
    "values, some twice, from the end": alone((graph, x) => {
      return gatherBlocks(graph, x, { indices: places(graph, [2, -1, 0, 1, 2, 3], [3, 2]) });
    }),
    "rows of each of two": alone((graph, x) => {
      return gatherBlocks(graph, x, { indices: places(graph, [2, 2, 0, -2], [2, 2, 1]), shared: 1 });
    }),
    "one value": alone((graph, x) => gatherBlocks(graph, x, { indices: graph.integers([1, 2]) })),
  },
  ScatterElements: {
    "in place of others": ofTwo((graph, x, updates) => {
      return scatter(graph, x, { indices: places(graph, [2, 0, 0, 1], [2, 2]), updates, axis: 0 });
    }),
    "added, some twice": ofTwo((graph, x, updates) => {
      return scatterAdd(graph, x, { indices: places(graph, [2, 0, 1, 2, 2, 0], [2, 3]), updates, axis: 0 });
    }),
  },
  ScatterND: {
    "values in place of others": ofTwo((graph, x, updates) => {
      return scatterBlocks(graph, x, { indices: places(graph, [2, 0, 0, 1], [2, 2]), updates });
    }),
    "rows added": ofTwo((graph, x, updates) => {
      const attributes = { reduction: { string: "add" } };
      const inputs = [x, places(graph, [2, 0, 2], [3, 1]), updates];
      return graph.node({ operator: "ScatterND", inputs, attributes, shape: x.shape });
    }),
  },
};

function places(graph: GraphScope, indices: readonly number[], shape: readonly number[]): GraphTensor {
  return reshape(graph, graph.integers(indices), shape);
}
