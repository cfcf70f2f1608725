import { multiply } from "../../../operators/arithmetic.ts";
import { cast } from "../../../operators/conversions.ts";
import {
  concatenate,
  expand,
  flatten,
  padWithZeros,
  reshape,
  sliceEvery,
  split,
  squeeze,
  tile,
  transpose,
  triangle,
  unsqueeze,
} from "../../../operators/layout.ts";
import type { GraphScope, GraphTensor } from "../../../graph-builder.ts";
import type { Build } from "../gradient-graph.ts";
import { alone, ofTwo, plain, plainOnLists, type TorchCases } from "./build.ts";

export const layoutCases: TorchCases = {
  Identity: { drawn: plain("Identity"), "one value": plain("Identity") },
  Cast: {
    "and back": alone(castAndBack),
    "on one of two ways": alone((graph, x) => multiply(graph, x, castAndBack(graph, x))),
  },
  Reshape: {
    "to a matrix": alone((graph, x) => reshape(graph, x, [3, 4])),
    "to more axes": alone((graph, x) => reshape(graph, x, [1, 2, 3])),
  },
  Flatten: {
    "at axis 1": alone((graph, x) => flatten(graph, x, 1)),
    "at axis 0": alone((graph, x) => flatten(graph, x, 0)),
  },
  Squeeze: {
    "two axes": alone((graph, x) => squeeze(graph, x, [0, 2])),
    "axes left out": plainOnLists({ operator: "Squeeze", lists: [], shape: [3] }),
  },
  Unsqueeze: {
    "two axes": alone((graph, x) => unsqueeze(graph, x, [0, 2])),
    "at the end": plainOnLists({ operator: "Unsqueeze", lists: [[-1]], shape: [3, 1] }),
  },
  Split: {
    "one part unused": alone((graph, x) =>
      concatenate(
        graph,
        split(graph, x, { axis: 0, lengths: [1, 3, 2] })
          .slice(0, 2)
          .toReversed(),
        0,
      ),
    ),
    "equal parts": alone((graph, x) => {
      const attributes = { axis: { int: -1 }, num_outputs: { int: 2 } };
      const part = { shape: [2, 3], type: x.type };
      const [a, b] = graph.nodeWithResults({ operator: "Split", inputs: [x], attributes }, [part, part]);
      return multiply(graph, a!, b!);
    }),
  },
  Tile: {
    "both axes": alone((graph, x) => tile(graph, x, [2, 3])),
    "one axis of three": alone((graph, x) => tile(graph, x, [1, 3, 1])),
  },
  Expand: { "new axes and old ones": ofTwo(expand), "one value": ofTwo(expand) },
  Transpose: {
    "in an order": alone((graph, x) => transpose(graph, x, [1, 2, 0])),
    "order left out": plainOnLists({ operator: "Transpose", lists: [], shape: [2, 3, 2] }),
  },
  Slice: {
    "with steps": alone((graph, x) => sliceEvery(graph, x, { axis: 1, start: 1, step: 3, count: 3 })),
    "from the end, two axes": plainOnLists({
      operator: "Slice",
      lists: [[-4, -3], [-1, 1000], null, [2, 1]],
      shape: [2, 3],
    }),
    backwards: plainOnLists({ operator: "Slice", lists: [[-2], [-1000], [-1], [-3]], shape: [2, 3] }),
    "one entry": alone((graph, x) => sliceEvery(graph, x, { axis: 0, start: 1, step: 1, count: 1 })),
  },
  Pad: {
    "one axis": alone((graph, x) => padWithZeros(graph, x, { axis: 1, before: 2, after: 1 })),
    "all axes, a value": alone((graph, x) => {
      const value = graph.scalar(0.5, x.type === "float64" ? "float64" : "float32");
      const attributes = { mode: { string: "constant" } };
      return graph.node({
        operator: "Pad",
        inputs: [x, graph.integers([1, 0, 0, 2]), value],
        attributes,
        shape: [3, 5],
      });
    }),
    "by less than nothing": plainOnLists({ operator: "Pad", lists: [[0, -1, 0, 2]], shape: [2, 6] }),
    mirrored: padded("reflect", { pads: [0, 1, 2, 0, 2, 3], shape: [1, 6, 9] }),
    "last entries again": padded("edge", { pads: [0, 0, 2, 0, 1, 3], shape: [1, 3, 8] }),
    "from the other end": padded("wrap", { pads: [0, 0, 3, 0, 0, 2], shape: [1, 2, 9] }),
  },
  Trilu: {
    "above a diagonal": alone((graph, x) => triangle(graph, x, { isUpper: true, shift: 1 })),
    "below the middle": plain("Trilu", { upper: { int: 0 } }),
  },
  Concat: {
    three: (graph, parts) => concatenate(graph, parts, 1),
    "one of them twice": ofTwo((graph, a, b) => concatenate(graph, [a, b, a], 0)),
  },
};

function padded(
  mode: string,
  { pads, shape }: { readonly pads: readonly number[]; readonly shape: readonly number[] },
): Build {
  return plainOnLists({ operator: "Pad", lists: [pads], shape, attributes: { mode: { string: mode } } });
}

function castAndBack(graph: GraphScope, x: GraphTensor): GraphTensor {
  return cast(graph, cast(graph, x, x.type === "float64" ? "float32" : "float64"), x.type);
}
