import { numberOf } from "../read-model.ts";
import type { OnnxTensor } from "../onnx-model.ts";
import { valuesOfTensor } from "../stored-values.ts";
import { tensorOf, type Tensor } from "./tensor.ts";

/** The values of a tensor that is written in a graph. */
export function constantOf(tensor: OnnxTensor): Tensor {
  const values = valuesOfTensor(tensor);
  if (values === null) throw new Error(`The interpreter cannot read the tensor ${String(tensor.name)}.`);
  return tensorOf((tensor.dims ?? []).map(numberOf), values);
}
