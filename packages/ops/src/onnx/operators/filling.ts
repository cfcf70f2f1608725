import { floatTypeOf, type GraphScope, type GraphTensor } from "../graph-builder.ts";
import { fixedSizeAt, type Shape } from "../shapes.ts";
import { expand } from "./layout.ts";

/** A single float of the type of another tensor. */
export function scalarLike(graph: GraphScope, like: GraphTensor, value: number): GraphTensor {
  return graph.scalar(value, floatTypeOf(like));
}

/** One value everywhere, with the shape and type of another tensor. */
export function filledLike(graph: GraphScope, like: GraphTensor, value: number): GraphTensor {
  return expand(graph, graph.scalar(value, floatTypeOf(like)), like);
}

/** Zeros of a fixed shape, of the type of another tensor. */
export function zerosOf(graph: GraphScope, like: GraphTensor, shape: Shape): GraphTensor {
  const sizes = shape.map((_, axis) => fixedSizeAt(shape, axis));
  return graph.node({ operator: "Expand", inputs: [scalarLike(graph, like, 0), graph.integers(sizes)], shape });
}
