import { elementTypes, type Int64, type OnnxTensor } from "../onnx-model.ts";
import { tensorOf, type Tensor } from "./tensor.ts";

/** The values of a tensor that is written in a graph. */
export function constantOf({ dims = [], dataType, rawData, floatData, int64Data, int32Data }: OnnxTensor): Tensor {
  const shape = dims.map(toNumber);
  if (rawData === undefined || rawData.length === 0) {
    return tensorOf(shape, floatData?.length ? floatData : (int64Data?.map(toNumber) ?? int32Data ?? []));
  }
  const bytes = rawData.slice().buffer;
  switch (dataType) {
    case elementTypes.float32:
      return tensorOf(shape, new Float32Array(bytes));
    case elementTypes.float64:
      return tensorOf(shape, new Float64Array(bytes));
    case elementTypes.int64:
      return tensorOf(shape, Array.from(new BigInt64Array(bytes), Number));
    case elementTypes.int32:
      return tensorOf(shape, new Int32Array(bytes));
    case elementTypes.bool:
      return tensorOf(shape, new Uint8Array(bytes));
    default:
      throw new Error(`The interpreter reads no tensors of element type ${String(dataType)}.`);
  }
}

function toNumber(value: Int64): number {
  return typeof value === "number" ? value : value.high * 2 ** 32 + (value.low >>> 0);
}
