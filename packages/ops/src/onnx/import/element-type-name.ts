import { elementTypeOf } from "../element-values.ts";

/** What an element type is called in messages: ours are called as everywhere here, others as ONNX has them. */
export function elementTypeName(dataType: number | undefined): string {
  return elementTypeOf(dataType) ?? otherNames.get(dataType ?? 0) ?? `unknown (${String(dataType)})`;
}

/** TensorProto.DataType, as far as graphs of ours cannot hold it and exporters write it. */
const otherNames: ReadonlyMap<number, string> = new Map([
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
  [8, "string"],
  [12, "uint32"],
  [13, "uint64"],
  [14, "complex64"],
  [15, "complex128"],
  [16, "bfloat16"],
  [17, "float8e4m3fn"],
  [19, "float8e5m2"],
  [21, "uint4"],
  [22, "int4"],
]);
