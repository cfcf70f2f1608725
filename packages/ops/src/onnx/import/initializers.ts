import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { elementTypeOf } from "../element-values.ts";
import type { OnnxTensor } from "../onnx-model.ts";
import { numberOf } from "../read-model.ts";
import { valuesOfTensor } from "../stored-values.ts";

/**
 * A tensor that a model file holds. What is small is known by its values (sizes, axes, scales), and folded with; weights are
 * taken over as bytes, under a name that no input of ours has.
 */
export function initializerOf(graph: GraphScope, tensor: OnnxTensor): GraphTensor {
  const [type, shape] = [elementTypeOf(tensor.dataType), (tensor.dims ?? []).map(numberOf)];
  const size = shape.reduce((product, each) => product * each, 1);
  const values =
    size <= (type?.startsWith("float") === true ? mostFloats : mostIntegers) ? valuesOfTensor(tensor) : null;
  if (type !== null && values !== null) return graph.constant(values, { type, shape });
  return graph.stored({ ...tensor, name: `file:${tensor.name ?? ""}` });
}

const mostIntegers = 1 << 12;
const mostFloats = 16;
