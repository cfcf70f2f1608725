import { axisOf, integerAttribute, integersAttribute } from "../attributes.ts";
import type { GraphNode, GraphScope, GraphTensor } from "../graph-builder.ts";
import { reshape } from "../operators/layout.ts";
import { sliceAxes } from "../operators/slicing.ts";
import { elementCount, fixedSizeAt, type Shape } from "../shapes.ts";

/** One entry along an axis, which is seen as `outer` axes of `size` entries each: rows of a batch that are one matrix. */
export interface Selection {
  readonly axis: number;
  readonly outer: number;
  readonly size: number;
  readonly index: number;
}

export function isSameSelection(a: Selection, b: Selection): boolean {
  return a.axis === b.axis && a.outer === b.outer && a.size === b.size && a.index === b.index;
}

/** What a node selects of its first input; null where it selects nothing, or several entries. */
export function selectionBy(graph: GraphScope, { operator, inputs, attributes }: GraphNode): Selection | null {
  const [x = null, indices = null] = inputs;
  const values = indices === null ? null : graph.integersOf(indices);
  if (operator !== "Gather" || x === null || values?.length !== 1) return null;
  const axis = axisOf({ attributes }, x, 0);
  const size = fixedSizeAt(x.shape, axis);
  const [index = 0] = values;
  return { axis, outer: 1, size, index: index < 0 ? index + size : index };
}

/** The shape of what is selected: the axis stays, with one entry in place of each `size`. */
export function selectedShape(shape: Shape, { axis, outer }: Selection): Shape {
  return shape.map((size, place) => (place === axis ? outer : size));
}

/** Selects of a tensor. */
export function select(graph: GraphScope, tensor: GraphTensor, chosen: Selection): GraphTensor {
  const { axis, outer, size, index } = chosen;
  const apart = [...tensor.shape.slice(0, axis), outer, size, ...tensor.shape.slice(axis + 1)];
  const seen = outer === 1 ? tensor : reshape(graph, tensor, apart);
  const along = outer === 1 ? axis : axis + 1;
  const cut = sliceAxes(graph, seen, [{ axis: along, start: index, end: index + 1, step: 1 }]);
  return outer === 1 ? cut : reshape(graph, cut, selectedShape(tensor.shape, chosen));
}

/** What a node needs of each input where only a selection of its result is wanted; null stands for all of an input. */
export type Needs = readonly (Selection | null)[];

/** @returns null where the whole result has to be worked out */
export function needsOf(node: GraphNode, chosen: Selection): Needs | null {
  const [x] = node.inputs;
  const result = node.outputs[0]!;
  if (x == null) return null;
  const rank = result.shape.length;
  const ofFirst = (selection: Selection): Needs => node.inputs.map((_, place) => (place === 0 ? selection : null));
  switch (node.operator) {
    case "Gelu":
    case "Relu":
    case "Sigmoid":
    case "Tanh":
    case "Clip":
    case "HardSwish":
    case "Identity":
      return ofFirst(chosen);
    case "Add":
    case "Sub":
    case "Mul":
    case "Div":
      return node.inputs.map((input) => ofBroadcast(input!, chosen, rank));
    case "LayerNormalization":
      return axisOf(node, x, -1) > chosen.axis ? ofFirst(chosen) : null;
    case "Softmax":
      return axisOf(node, x, -1) === chosen.axis ? null : ofFirst(chosen);
    case "Gemm": {
      const isOfRows = chosen.axis === 0 && integerAttribute(node, "transA", 0) === 0;
      return isOfRows && (node.inputs[2]?.shape.length ?? 1) === 1 ? ofFirst(chosen) : null;
    }
    case "MatMul":
      return chosen.axis === rank - 2 ? ofFirst({ ...chosen, axis: x.shape.length - 2 }) : null;
    case "Transpose": {
      const axis = integersAttribute(node, "perm")?.[chosen.axis];
      return axis === undefined ? null : ofFirst({ ...chosen, axis });
    }
    case "Reshape": {
      const before = throughReshape(x.shape, result.shape, chosen);
      return before === null ? null : ofFirst(before);
    }
    default:
      return null;
  }
}

/** An input that is broadcast along the axis is needed as it is. */
function ofBroadcast({ shape }: GraphTensor, chosen: Selection, rank: number): Selection | null {
  const axis = chosen.axis - rank + shape.length;
  return axis < 0 || shape[axis] === 1 ? null : { ...chosen, axis };
}

/** The axis of a tensor that became the selection's by a reshape, or of which that became a part; null where there is none. */
function throughReshape(from: Shape, to: Shape, chosen: Selection): Selection | null {
  const { axis, outer, size } = chosen;
  const countBefore = (shape: Shape, place: number): number => Number(elementCount(shape.slice(0, place)));
  const ahead = countBefore(to, axis) * outer;
  const own = from.findIndex((each, place) => each === size && countBefore(from, place) === ahead);
  if (own !== -1) return { ...chosen, axis: own, outer: 1 };
  // Rows of a batch: axes before it and itself are one.
  const merged = from.findIndex(
    (_, place) => countBefore(from, place + 1) === ahead * size && ahead % countBefore(from, place) === 0,
  );
  return merged === -1 ? null : { ...chosen, axis: merged, outer: ahead / countBefore(from, merged) };
}
