import type { GraphTensor } from "../../graph-builder.ts";
import { scatterAdd } from "../../operators/indexing.ts";
import { expand, reshape } from "../../operators/layout.ts";
import { elementCount } from "../../shapes.ts";
import { axisOf } from "../attributes.ts";
import { filledLike } from "../broadcasting.ts";
import { ofOneResult, type NamedRule, type SimpleCall } from "../gradient-rule.ts";

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
function gatherGradient({ graph, node, gradient, inputs }: SimpleCall): GraphTensor {
  const [x, indices] = [inputs[0]!, inputs[1]!];
  const axis = axisOf(node, x, 0);
  const count = elementCount(indices.shape);
  const updates = reshape(graph, gradient, [...x.shape.slice(0, axis), count, ...x.shape.slice(axis + 1)]);
  const alongAxis = reshape(
    graph,
    indices,
    x.shape.map((_, place) => (place === axis ? count : 1)),
  );
  return scatterAdd(graph, filledLike(graph, x, 0), { indices: expand(graph, alongAxis, updates), updates, axis });
}
