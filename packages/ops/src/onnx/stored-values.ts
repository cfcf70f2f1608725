import { elementTypeOf, numberOfHalf, valuesOfBytes } from "./element-values.ts";
import type { OnnxTensor } from "./onnx-model.ts";
import { numberOf } from "./read-model.ts";

/**
 * The values of a tensor that is written in a model file, row-major; null where they lie in another file, or are of a type that
 * we have no name of.
 */
export function valuesOfTensor(tensor: OnnxTensor): readonly number[] | null {
  const type = elementTypeOf(tensor.dataType);
  if (type === null || tensor.dataLocation === 1) return null;
  const { rawData, floatData = [], int32Data = [], int64Data = [], doubleData = [] } = tensor;
  if (rawData !== undefined && rawData.length > 0) return valuesOfBytes(rawData, type);
  switch (type) {
    case "float32":
      return Array.from(floatData);
    case "float64":
      return Array.from(doubleData);
    case "int64":
      return Array.from(int64Data, numberOf);
    // ONNX keeps the bits of a float16 as a whole number.
    case "float16":
      return Array.from(int32Data, numberOfHalf);
    case "int32":
    case "bool":
      return Array.from(int32Data);
  }
}
