import type { GraphScope, GraphTensor } from "../../../onnx/graph-builder.ts";
import { add } from "../../../onnx/operators/arithmetic.ts";
import { reshape, transpose } from "../../../onnx/operators/layout.ts";
import { matMul } from "../../../onnx/operators/products.ts";
import { dimensionAt, fixedSizeAt } from "../../../onnx/shapes.ts";
import { timesOf } from "./transformer-scope.ts";

export interface RelativeTables {
  /** [2 · stored - 1, head width]: one vector for each distance between two rows, and between two columns. */
  readonly rows: GraphTensor;
  readonly columns: GraphTensor;
  /** Side of the square of tokens. */
  readonly side: number;
}

/**
 * Relative positions of Segment Anything's encoder (decomposed as in MViTv2, Li et al. 2022): a score gains q · (vector of the distance
 * in rows) + q · (vector of the distance in columns). Scores [B, heads, N, N] with N = side².
 */
export function addRelativePositions(
  graph: GraphScope,
  { rows, columns, side }: RelativeTables,
): (scores: GraphTensor, query: GraphTensor) => GraphTensor {
  const ofRows = distanceVectors(graph, rows, side);
  const ofColumns = distanceVectors(graph, columns, side);
  return (scores, query) => {
    const [batch, heads] = [dimensionAt(scores.shape, 0), fixedSizeAt(scores.shape, 1)];
    const images = timesOf(batch, heads);
    const grid = reshape(graph, query, [images, side, side, fixedSizeAt(query.shape, 3)]);
    // [images, row of the query, its column, row or column of the key]
    const byRows = matMul(graph, grid, ofRows);
    const byColumns = transpose(graph, matMul(graph, transpose(graph, grid, [0, 2, 1, 3]), ofColumns), [0, 2, 1, 3]);
    // Added one after the other, so that no second tensor of the scores' size is made.
    const wide = reshape(graph, scores, [images, side, side, side, side]);
    const withRows = add(graph, wide, reshape(graph, byRows, [images, side, side, side, 1]));
    const withBoth = add(graph, withRows, reshape(graph, byColumns, [images, side, side, 1, side]));
    return reshape(graph, withBoth, scores.shape);
  };
}

/** [side, head width, side]: for each place of a query the vectors of the distances to every place of a key. */
function distanceVectors(graph: GraphScope, table: GraphTensor, side: number): GraphTensor {
  const width = fixedSizeAt(table.shape, 1);
  const fitting = resizeTable(graph, table, 2 * side - 1);
  const places = Array.from(
    { length: side * side },
    (_, index) => Math.floor(index / side) - (index % side) + side - 1,
  );
  const vectors = graph.node({
    operator: "Gather",
    inputs: [fitting, graph.constant(places, { type: "int64", shape: [side, side] })],
    attributes: { axis: { int: 0 } },
    shape: [side, side, width],
  });
  return transpose(graph, vectors, [0, 2, 1]);
}

/** Other distances than those that were learned are interpolated linearly, as torch does with align_corners off. */
function resizeTable(graph: GraphScope, table: GraphTensor, wanted: number): GraphTensor {
  const stored = fixedSizeAt(table.shape, 0);
  if (stored === wanted) return table;
  const matrix = new Float32Array(wanted * stored);
  for (let place = 0; place < wanted; place++) {
    const centre = Math.max(((place + 0.5) * stored) / wanted - 0.5, 0);
    const before = Math.min(Math.floor(centre), stored - 1);
    const share = centre - before;
    const after = Math.min(before + 1, stored - 1);
    matrix[place * stored + before]! += 1 - share;
    matrix[place * stored + after]! += share;
  }
  return matMul(graph, graph.constant(Array.from(matrix), { type: "float32", shape: [wanted, stored] }), table);
}
