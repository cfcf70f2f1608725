import { floatTypeOf, type GraphScope, type GraphTensor } from "../../onnx/graph-builder.ts";
import { matMul } from "../../onnx/operators/products.ts";
import { fixedSizeAt } from "../../onnx/shapes.ts";

/**
 * torch's AdaptiveAvgPool2d: means over `height` x `width` windows that cover the map, [B, C, h, w] -> [B, C, height, width].
 *
 * Window i of n over s places goes from floor(i · s / n) to before ceil((i + 1) · s / n). Windows overlap where n does not divide s, and
 * places are given more than once where the map is smaller than the result; no pooling operator of ONNX does that. A mean along one axis
 * is a product with a constant matrix, and the two axes do not hang on each other.
 */
export function adaptiveAveragePool(graph: GraphScope, x: GraphTensor, { height, width }: MapSize): GraphTensor {
  const [oldHeight, oldWidth] = [fixedSizeAt(x.shape, 2), fixedSizeAt(x.shape, 3)];
  const type = floatTypeOf(x);
  let pooled = x;
  // A map that has the size already, as VGG's of an image of 224 x 224, stays bit for bit what it is.
  if (oldWidth !== width) {
    const columns = transposed(averagingRows(oldWidth, width)).flat();
    pooled = matMul(graph, pooled, graph.constant(columns, { type, shape: [oldWidth, width] }));
  }
  if (oldHeight !== height) {
    const rows = averagingRows(oldHeight, height).flat();
    pooled = matMul(graph, graph.constant(rows, { type, shape: [height, oldHeight] }), pooled);
  }
  return pooled;
}

export interface MapSize {
  readonly height: number;
  readonly width: number;
}

/** For each of `count` windows over `size` places, what each place counts: `count` rows of `size` entries, each row's sum 1. */
function averagingRows(size: number, count: number): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, window) => {
    const start = Math.floor((window * size) / count);
    const end = Math.ceil(((window + 1) * size) / count);
    return Array.from({ length: size }, (_, place) => (place >= start && place < end ? 1 / (end - start) : 0));
  });
}

function transposed(rows: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]!));
}
