import type { GraphScope, GraphTensor } from "../../../onnx/graph-builder.ts";
import { reshape } from "../../../onnx/operators/layout.ts";
import { matMul } from "../../../onnx/operators/products.ts";
import { fixedSizeAt } from "../../../onnx/shapes.ts";
import { resampleTable, type ResampleTable } from "../../../images/resample-table.ts";

/**
 * How learned positions become those of another number of patches, by publisher; all of them bicubic, and none touches a grid that
 * has the right size. `meta_offset`: by the factor (side + 0.1) / stored side, as DINO's and DINOv2's code; `size`: to the side,
 * as transformers; `size_antialias`: the same with antialiasing, as timm and DINOv2 with registers.
 */
export const positionRules = ["meta_offset", "size", "size_antialias"] as const;

export type PositionRule = (typeof positionRules)[number];

export interface GridSizes {
  /** Side of the grid that the checkpoint has. */
  readonly stored: number;
  /** Side of the grid that is wanted. */
  readonly wanted: number;
}

/**
 * Positions of patches, [stored², W] -> [wanted², W]. Resizing is linear, so that it is two products with a constant matrix, which
 * onnxruntime works out once; and a gradient passes through it.
 */
export function resizeGrid(
  graph: GraphScope,
  positions: GraphTensor,
  { stored, wanted, rule }: GridSizes & { readonly rule: PositionRule },
): GraphTensor {
  if (stored === wanted) return positions;
  const width = fixedSizeAt(positions.shape, 1);
  const values = Array.from(resizeMatrix({ stored, wanted }, rule));
  const matrix = graph.constant(values, { type: "float32", shape: [wanted, stored] });
  const rows = matMul(graph, matrix, reshape(graph, positions, [stored, stored * width]));
  const both = matMul(graph, matrix, reshape(graph, rows, [wanted, stored, width]));
  return reshape(graph, both, [wanted * wanted, width]);
}

/** [wanted, stored], row-major: what each new position has of each old one. */
function resizeMatrix({ stored, wanted }: GridSizes, rule: PositionRule): Float32Array {
  const table = tableOf({ stored, wanted }, rule);
  const matrix = new Float32Array(wanted * stored);
  for (let place = 0; place < wanted; place++) {
    for (let tap = 0; tap < table.counts[place]!; tap++) {
      matrix[place * stored + table.starts[place]! + tap] = table.weights[place * table.taps + tap]!;
    }
  }
  return matrix;
}

function tableOf({ stored, wanted }: GridSizes, rule: PositionRule): ResampleTable {
  const axis = { inputSize: stored, outputSize: wanted, from: 0, length: wanted };
  if (rule === "size_antialias") return resampleTable("torch_bicubic_antialias", axis);
  // The published code adds 0.1 against rounding, and the factor that it gives then moves every position a little.
  return resampleTable("torch_bicubic", rule === "size" ? axis : { ...axis, scale: stored / (wanted + 0.1) });
}
