import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { reshape } from "../../operators/layout.ts";
import type { GraphFunction } from "./gradient-graph.ts";
import { randomOf, type Random } from "./random.ts";

/** A function to check on drawn shapes, and what its inputs' values are drawn from. */
export interface Draw extends GraphFunction {
  readonly range?: readonly [number, number];
}

export type Drawing = (random: Random) => Draw;
type Unary = (graph: GraphScope, x: GraphTensor) => GraphTensor;
type Binary = (graph: GraphScope, a: GraphTensor, b: GraphTensor) => GraphTensor;

export const unary =
  (build: Unary, range?: readonly [number, number]): Drawing =>
  ({ shape, integer }) => ({
    shapes: [shape(integer(1, 4))],
    build: (graph, [x]) => build(graph, x!),
    ...(range && { range }),
  });

/** Two shapes of which either may be stretched along any axis, and either may have fewer axes. */
export const broadcast =
  (build: Binary, range?: readonly [number, number]): Drawing =>
  ({ shape, integer }) => {
    const whole = shape(integer(1, 4));
    const part = (): readonly number[] =>
      whole.map((size) => (integer(0, 2) === 0 ? 1 : size)).slice(integer(0, whole.length));
    return { shapes: [part(), part()], build: (graph, [a, b]) => build(graph, a!, b!), ...(range && { range }) };
  };

/** On an axis drawn for it, with shapes of some rank. */
export const onAxis =
  (build: (graph: GraphScope, x: GraphTensor, axis: number, random: Random) => GraphTensor): Drawing =>
  (random) => {
    const shape = random.shape(random.integer(1, 4));
    const axis = random.integer(0, shape.length - 1);
    const seed = random.integer(1, 1e6);
    // The function is built twice, the same both times.
    return { shapes: [shape], build: (graph, [x]) => build(graph, x!, axis, randomOf(seed)) };
  };

export function randomIndices(
  graph: GraphScope,
  random: Random,
  { shape, size }: { readonly shape: readonly number[]; readonly size: number },
): GraphTensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const list = Array.from({ length: count }, () => random.integer(0, size - 1));
  return reshape(graph, graph.integers(list), shape);
}

export function permutation({ integer }: Random, rank: number): readonly number[] {
  const order = Array.from({ length: rank }, (_, axis) => axis);
  return Array.from({ length: rank }, () => order.splice(integer(0, order.length - 1), 1)).flat();
}

export function zeroLike(graph: GraphScope, { type }: GraphTensor): GraphTensor {
  return graph.scalar(0, type === "float64" ? "float64" : "float32");
}
