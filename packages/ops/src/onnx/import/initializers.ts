import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { elementTypeOf } from "../element-values.ts";
import type { OnnxTensor } from "../onnx-model.ts";
import { numberOf } from "../read-model.ts";
import { elementCount } from "../shapes.ts";
import { valuesOfTensor } from "../stored-values.ts";
import { elementTypeName } from "./element-type-name.ts";

/** Sizes and bounds are a few numbers, masks and tables of positions some thousands: what is longer is not worked out before. */
export const mostKnown = 1 << 14;

/**
 * A tensor that a model file holds. What is small is known by its values (sizes, axes, scales), and folded with; weights are
 * taken over as bytes, under a name that no input of ours has.
 * @throws Error for a type that graphs of ours cannot hold
 */
export function initializerOf(graph: GraphScope, tensor: OnnxTensor): GraphTensor {
  const isFloat = elementTypeOf(tensor.dataType)?.startsWith("float") === true;
  return tensorOf(graph, { ...tensor, name: `file:${tensor.name ?? ""}` }, isFloat ? mostFloats : mostKnown);
}

/** More are weights. */
const mostFloats = 16;

/** A tensor that a node of a model file holds. @throws Error for a type that graphs of ours cannot hold */
export function constantOf(graph: GraphScope, tensor: OnnxTensor): GraphTensor {
  return tensorOf(graph, { ...tensor, name: "file:constant" }, mostKnown);
}

function tensorOf(graph: GraphScope, tensor: OnnxTensor, mostValues: number): GraphTensor {
  const [type, shape] = [elementTypeOf(tensor.dataType), (tensor.dims ?? []).map(numberOf)];
  if (type === null) throw new Error(`it reads ${elementTypeName(tensor.dataType)}, a type that is not known here`);
  const values = Number(elementCount(shape)) <= mostValues ? valuesOfTensor(tensor) : null;
  return values === null ? graph.stored(tensor) : graph.constant(values, { type, shape });
}
