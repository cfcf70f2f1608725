import { gather, gatherElements, scatter, scatterAdd } from "../../../operators/indexing.ts";
import { reshape } from "../../../operators/layout.ts";
import { gatherBlocks, scatterBlocks } from "../../../operators/scattering.ts";
import type { GraphScope, GraphTensor } from "../../../graph-builder.ts";
import { permutation, randomIndices } from "../drawing.ts";
import type { GraphFunction } from "../gradient-graph.ts";
import { randomOf } from "../random.ts";
import { inAll, type LinearCases } from "./linear.ts";

const tokens = [2, 50, 48];

export const indexingCases: LinearCases = {
  Gather: {
    "rows, some often": gathered([30, 48], { axis: 0, shape: [2, 50] }),
    "along the middle": gathered(tokens, { axis: 1, shape: [20] }),
  },
  GatherElements: {
    "across, some often": inAll([[40, 30]], (graph, [x]) => {
      const indices = randomIndices(graph, randomOf(11), { shape: [40, 70], size: 30 });
      return gatherElements(graph, x!, { indices, axis: 1 });
    }),
    down: inAll([[40, 30]], (graph, [x]) => {
      const indices = randomIndices(graph, randomOf(12), { shape: [9, 30], size: 40 });
      return gatherElements(graph, x!, { indices, axis: 0 });
    }),
  },
  GatherND: {
    "single values, some often": inAll([[20, 30]], (graph, [x]) => {
      const indices = randomIndices(graph, randomOf(5), { shape: [500, 2], size: 20 });
      return gatherBlocks(graph, x!, { indices });
    }),
    "rows of each image": inAll([tokens], (graph, [x]) => {
      const indices = randomIndices(graph, randomOf(6), { shape: [2, 70, 1], size: 50 });
      return gatherBlocks(graph, x!, { indices, shared: 1 });
    }),
  },
  ScatterElements: {
    "in place of others": inAll(
      [
        [40, 30],
        [9, 30],
      ],
      (graph, [x, updates]) => {
        const rows = permutation(randomOf(3), 40).slice(0, 9);
        const indices = reshape(graph, graph.integers(rows.flatMap((row) => Array<number>(30).fill(row))), [9, 30]);
        return scatter(graph, x!, { indices, updates: updates!, axis: 0 });
      },
    ),
    "added, some often": inAll(
      [
        [40, 30],
        [40, 70],
      ],
      (graph, [x, updates]) => {
        const indices = randomIndices(graph, randomOf(4), { shape: [40, 70], size: 30 });
        return scatterAdd(graph, x!, { indices, updates: updates!, axis: 1 });
      },
    ),
  },
  ScatterND: {
    "rows in place of others": inAll(
      [
        [60, 48],
        [25, 48],
      ],
      (graph, [x, updates]) => scatterBlocks(graph, x!, { indices: distinctRows(graph), updates: updates! }),
    ),
    "rows added": inAll(
      [
        [60, 48],
        [25, 48],
      ],
      (graph, [x, updates]) => {
        const attributes = { reduction: { string: "add" } };
        const inputs = [x!, distinctRows(graph), updates!];
        return graph.node({ operator: "ScatterND", inputs, attributes, shape: [60, 48] });
      },
    ),
  },
};

function distinctRows(graph: GraphScope): GraphTensor {
  return reshape(graph, graph.integers(permutation(randomOf(8), 60).slice(0, 25)), [25, 1]);
}

function gathered(
  shape: readonly number[],
  places: { readonly axis: number; readonly shape: readonly number[] },
): GraphFunction {
  return inAll([shape], (graph, [x]) => {
    const indices = randomIndices(graph, randomOf(7), { shape: places.shape, size: shape[places.axis]! });
    return gather(graph, x!, { indices, axis: places.axis });
  });
}
