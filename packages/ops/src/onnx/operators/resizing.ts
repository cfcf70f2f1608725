import type { GraphScope, GraphTensor } from "../graph-builder.ts";

export interface ResizeOptions {
  /** For each axis. */
  readonly sizes: readonly number[];
  readonly mode: "nearest" | "linear" | "cubic";
  /** How places before and after correspond; `half_pixel` is PyTorch's `align_corners=False`. */
  readonly coordinates: "half_pixel" | "align_corners" | "asymmetric" | "pytorch_half_pixel";
}

/** x with other sizes: what lies between its values is interpolated. */
export function resize(graph: GraphScope, x: GraphTensor, { sizes, mode, coordinates }: ResizeOptions): GraphTensor {
  return graph.node({
    operator: "Resize",
    inputs: [x, null, null, graph.integers(sizes)],
    attributes: {
      mode: { string: mode },
      coordinate_transformation_mode: { string: coordinates },
      ...(mode === "nearest" ? { nearest_mode: { string: "floor" } } : {}),
    },
    shape: sizes,
  });
}
