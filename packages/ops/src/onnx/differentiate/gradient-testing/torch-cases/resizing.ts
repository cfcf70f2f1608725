import { resize, type ResizeOptions } from "../../../operators/resizing.ts";
import type { Build } from "../gradient-graph.ts";
import { alone, type TorchCases } from "./build.ts";

/** What the images of the cases in two axes grow or shrink to. */
const spaces: Readonly<Record<string, readonly number[]>> = {
  growing: [5, 8],
  shrinking: [4, 2],
  "one axis of each": [7, 4],
};

const ways: Readonly<Record<string, (space: readonly number[]) => Build>> = {
  nearest: (space) => resized(space, { mode: "nearest", coordinates: "asymmetric" }),
  "nearest by centres": nearestByCentres,
  "linear, corners": (space) => resized(space, { mode: "linear", coordinates: "align_corners" }),
  "linear, centres": (space) => resized(space, { mode: "linear", coordinates: "half_pixel" }),
  "cubic, corners": (space) => resized(space, { mode: "cubic", coordinates: "align_corners" }),
  "cubic, centres": (space) => resized(space, { mode: "cubic", coordinates: "half_pixel" }),
};

export const resizingCases: TorchCases = {
  Resize: {
    ...Object.fromEntries(
      Object.entries(spaces).flatMap(([name, space]) =>
        Object.entries(ways).map(([way, build]): [string, Build] => [`${way}, ${name}`, build(space)]),
      ),
    ),
    "linear, 1D": resized([7], { mode: "linear", coordinates: "half_pixel" }),
    "linear, 3D": resized([3, 2, 4], { mode: "linear", coordinates: "half_pixel" }),
    "linear, by scales": alone((graph, x) => {
      const attributes = { mode: { string: "linear" } };
      const scales = graph.floats([1, 1, 1.5, 0.6875]);
      return graph.node({ operator: "Resize", inputs: [x, null, scales], attributes, shape: [1, 2, 4, 5] });
    }),
  },
};

function resized(space: readonly number[], options: Omit<ResizeOptions, "sizes">): Build {
  return alone((graph, x) => resize(graph, x, { sizes: [...x.shape.slice(0, 2).map(Number), ...space], ...options }));
}

function nearestByCentres(space: readonly number[]): Build {
  return alone((graph, x) => {
    const sizes = [...x.shape.slice(0, 2).map(Number), ...space];
    const attributes = { mode: { string: "nearest" }, nearest_mode: { string: "round_prefer_ceil" } };
    return graph.node({
      operator: "Resize",
      inputs: [x, null, null, graph.integers(sizes)],
      attributes,
      shape: sizes,
    });
  });
}
