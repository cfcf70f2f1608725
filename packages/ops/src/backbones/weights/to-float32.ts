import { widenBrainFloats, widenHalves } from "../../arrays/half-floats.ts";
import type { WeightType } from "./weight-table.ts";

/**
 * Stored values as float32, rounded to nearest where they do not fit (float64, large integers).
 * @param bytes little-endian, as `readStoredWeight` gives them
 */
export function toFloat32(type: WeightType, bytes: Uint8Array): Float32Array {
  // A copy of its own, since views of wider types have to begin at a multiple of their width.
  return converters[type](new Uint8Array(bytes).buffer);
}

const converters: Readonly<Record<WeightType, (bytes: ArrayBuffer) => Float32Array>> = {
  float64: (bytes) => Float32Array.from(new Float64Array(bytes)),
  float32: (bytes) => new Float32Array(bytes),
  float16: (bytes) => widenHalves(new Uint16Array(bytes)),
  bfloat16: (bytes) => widenBrainFloats(new Uint16Array(bytes)),
  int64: (bytes) => Float32Array.from(new BigInt64Array(bytes), Number),
  int32: (bytes) => Float32Array.from(new Int32Array(bytes)),
  int16: (bytes) => Float32Array.from(new Int16Array(bytes)),
  int8: (bytes) => Float32Array.from(new Int8Array(bytes)),
  uint8: (bytes) => Float32Array.from(new Uint8Array(bytes)),
  bool: (bytes) => Float32Array.from(new Uint8Array(bytes), (value) => (value === 0 ? 0 : 1)),
};
