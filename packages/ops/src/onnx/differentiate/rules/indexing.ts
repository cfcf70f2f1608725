import type { GraphTensor } from "../../graph-builder.ts";
import { gatherElements, scatter, scatterAdd } from "../../operators/indexing.ts";
import { expand, reshape } from "../../operators/layout.ts";
import { gatherBlocks, scatterBlocks, scatterBlocksAdd } from "../../operators/scattering.ts";
import { elementCount, type Dimension } from "../../shapes.ts";
import { axisOf, integerAttribute, textAttribute } from "../../attributes.ts";
import { filledLike } from "../../operators/filling.ts";
import { ofOneResult, type NamedRule, type SimpleCall } from "../gradient-rule.ts";
import type { PartGradient } from "../gradient-sums.ts";
import { noGradient } from "../no-gradient.ts";

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
  [
    "GatherND",
    ofOneResult(({ graph, node, gradient, inputs }) => {
      const [x, indices] = [inputs[0]!, inputs[1]!];
      const shared = integerAttribute(node, "batch_dims", 0);
      const zeros = (): GraphTensor => filledLike(graph, x, 0);
      return [() => scatterBlocksAdd(graph, zeros(), { indices, updates: gradient, shared }), null];
    }),
  ],
  [
    "ScatterElements",
    ofOneResult((call) => {
      const { graph, node, gradient, inputs } = call;
      const [indices, updates] = [inputs[1]!, inputs[2]!];
      const axis = axisOf(node, inputs[0]!, 0);
      const isReplaced = replaces(call);
      return [
        () => {
          if (!isReplaced) return gradient;
          return scatter(graph, gradient, { indices, updates: filledLike(graph, updates, 0), axis });
        },
        null,
        () => gatherElements(graph, gradient, { indices, axis }),
      ];
    }),
  ],
  [
    "ScatterND",
    ofOneResult((call) => {
      const { graph, gradient, inputs } = call;
      const [indices, updates] = [inputs[1]!, inputs[2]!];
      const isReplaced = replaces(call);
      return [
        () => {
          if (!isReplaced) return gradient;
          return scatterBlocks(graph, gradient, { indices, updates: filledLike(graph, updates, 0) });
        },
        null,
        () => gatherBlocks(graph, gradient, { indices }),
      ];
    }),
  ],
];

/** Whether updates take the place of what was there, or are added to it. ONNX lets no two of them replace one entry. */
function replaces({ node }: SimpleCall): boolean {
  const reduction = textAttribute(node, "reduction", "none");
  if (reduction === "none" || reduction === "add") return reduction === "none";
  throw noGradient(node, `its gradient is known for updates that replace or are added, not for "${reduction}"`);
}

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
