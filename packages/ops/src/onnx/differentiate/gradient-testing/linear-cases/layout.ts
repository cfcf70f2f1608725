import { multiply } from "../../../operators/arithmetic.ts";
import { cast } from "../../../operators/conversions.ts";
import {
  concatenate,
  expand,
  flatten,
  padWithZeros,
  reshape,
  slice,
  sliceEvery,
  split,
  squeeze,
  tile,
  transpose,
  triangle,
  unsqueeze,
} from "../../../operators/layout.ts";
import { inAll, type LinearCases } from "./linear.ts";

const image = [2, 16, 20, 18];
const tokens = [2, 50, 48];

export const layoutCases: LinearCases = {
  Identity: { plain: inAll([tokens], (graph, inputs) => graph.node({ operator: "Identity", inputs, shape: tokens })) },
  Cast: {
    "and back": inAll([tokens], (graph, [x]) => cast(graph, cast(graph, x!, "float64"), "float32")),
  },
  Transpose: {
    heads: inAll([[2, 50, 4, 12]], (graph, [x]) => transpose(graph, x!, [0, 2, 1, 3])),
    "channels last": inAll([image], (graph, [x]) => transpose(graph, x!, [0, 2, 3, 1])),
  },
  Reshape: { heads: inAll([tokens], (graph, [x]) => reshape(graph, x!, [2, 50, 4, 12])) },
  Flatten: { features: inAll([image], (graph, [x]) => flatten(graph, x!, 1)) },
  Squeeze: { "two axes": inAll([[1, 50, 1, 48]], (graph, [x]) => squeeze(graph, x!, [0, 2])) },
  Unsqueeze: { "two axes": inAll([tokens], (graph, [x]) => unsqueeze(graph, x!, [0, 3])) },
  Slice: {
    "one part": inAll([tokens], (graph, [x]) => slice(graph, x!, { axis: 1, start: 1, end: 50 })),
    "every third": inAll([image], (graph, [x]) => sliceEvery(graph, x!, { axis: 2, start: 1, count: 6, step: 3 })),
  },
  Pad: {
    "one axis": inAll([image], (graph, [x]) => padWithZeros(graph, x!, { axis: 3, before: 1, after: 2 })),
    "all axes": inAll([image], (graph, [x]) => {
      const pads = graph.integers([0, 1, 2, 0, 0, 0, 1, 3]);
      return graph.node({ operator: "Pad", inputs: [x!, pads], shape: [2, 17, 23, 21] });
    }),
  },
  Concat: {
    channels: inAll([image, [2, 8, 20, 18], [2, 1, 20, 18]], (graph, parts) => concatenate(graph, parts, 1)),
    "one twice": inAll([tokens], (graph, [x]) => concatenate(graph, [x!, x!], 1)),
  },
  Split: {
    "three parts, weighed apart": inAll([tokens], (graph, [x]) => {
      const parts = split(graph, x!, { axis: 2, lengths: [12, 20, 16] });
      const weighed = parts.map((part, place) => multiply(graph, part, graph.scalar(place - 0.5)));
      return concatenate(graph, weighed, 2);
    }),
  },
  Expand: {
    "several axes": {
      shapes: [[16, 1, 18], image],
      build: (graph, [x, like]) => expand(graph, x!, like!),
      isFixed: [false, true],
    },
  },
  Trilu: {
    "above a diagonal": inAll([[4, 40, 30]], (graph, [x]) => triangle(graph, x!, { isUpper: true, shift: -2 })),
    "below one": inAll([[40, 50]], (graph, [x]) => triangle(graph, x!, { isUpper: false, shift: 3 })),
  },
  Tile: { "two axes": inAll([[2, 1, 20, 6]], (graph, [x]) => tile(graph, x!, [1, 16, 1, 3])) },
};
