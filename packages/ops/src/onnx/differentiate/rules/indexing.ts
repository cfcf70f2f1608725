import type { GraphTensor } from "../../graph-builder.ts";
import { scatterAdd } from "../../operators/indexing.ts";
import { expand, reshape } from "../../operators/layout.ts";
import { elementCount, type Dimension } from "../../shapes.ts";
import { axisOf } from "../../attributes.ts";
import { filledLike } from "../../operators/filling.ts";
import { ofOneResult, type NamedRule, type SimpleCall } from "../gradient-rule.ts";
import type { PartGradient } from "../gradient-sums.ts";

/** Every entry gets the sum of the gradients of the places that it was read to, added in their order. */
export const indexingRules: readonly NamedRule[] = [
  ["Gather", ofOneResult((call) => [() => gatherGradient(call), null])],
  [
    "GatherElements",
    ofOneResult(({ graph, node, gradient, inputs }) => {
      const [x, indices] = [inputs[0]!, inputs[1]!];
      const axis = axisOf(node, x, 0);
      return [() => scatterAdd(graph, filledLike(graph, x, 0), { indices, updates: gradient, axis }), null];
    }),
  ],
];

/** The indices' axes become one, so that each index names the same slice of the gradient and of x. */
function gatherGradient({ graph, node, gradient, inputs }: SimpleCall): GraphTensor | PartGradient {
  const [x, indices] = [inputs[0]!, inputs[1]!];
  const axis = axisOf(node, x, 0);
  const count = elementCount(indices.shape);
  const updates =
    indices.shape.length === 1
      ? gradient
      : reshape(graph, gradient, [...x.shape.slice(0, axis), count, ...x.shape.slice(axis + 1)]);
  const start = firstOfRun(graph.integersOf(indices), x.shape[axis]);
  if (start !== null) return { part: updates, axis, start };
  const alongAxis = reshape(
    graph,
    indices,
    x.shape.map((_, place) => (place === axis ? count : 1)),
  );
  return scatterAdd(graph, filledLike(graph, x, 0), { indices: expand(graph, alongAxis, updates), updates, axis });
}

/** The first of indices that are known and follow each other, as a single one does; null for any others. */
function firstOfRun(indices: readonly number[] | null, size: Dimension | undefined): number | null {
  if (indices === null || indices.length === 0 || typeof size !== "number") return null;
  const [first = 0, ...others] = indices.map((index) => (index < 0 ? index + size : index));
  return others.every((index, place) => index === first + place + 1) ? first : null;
}
