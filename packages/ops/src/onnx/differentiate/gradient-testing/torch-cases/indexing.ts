import { gather, gatherElements } from "../../../operators/indexing.ts";
import { reshape } from "../../../operators/layout.ts";
import { alone, type TorchCases } from "./build.ts";

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
};
