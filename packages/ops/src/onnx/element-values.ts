import { elementTypes, type ElementType } from "./onnx-model.ts";

/** Values as the bytes that ONNX stores them in: little-endian, row-major; whole numbers are cut off, floats rounded to nearest. */
export function bytesOfValues(values: readonly number[], type: ElementType): Uint8Array {
  const { buffer } = arrayOf(values, type);
  return new Uint8Array(buffer);
}

function arrayOf(values: readonly number[], type: ElementType) {
  switch (type) {
    case "float32":
      return Float32Array.from(values);
    case "float64":
      return Float64Array.from(values);
    case "float16":
      return Uint16Array.from(values, halfOf);
    case "int64":
      return BigInt64Array.from(values, (value) => BigInt(Math.trunc(value)));
    case "int32":
      return Int32Array.from(values, Math.trunc);
    case "bool":
      return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  }
}

/** The name of an element type's number in ONNX, or null for those that we have no name of. */
export function elementTypeOf(dataType: number | undefined): ElementType | null {
  const found = Object.entries(elementTypes).find(([, number]) => number === dataType);
  return found === undefined ? null : (found[0] as ElementType);
}

/**
 * The bits of the nearest float16, ties to even; beyond its range infinity.
 * Source: IEEE 754-2019, binary16 (1 sign, 5 exponent, 10 fraction bits).
 */
export function halfOf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  // The distance of two neighbours, at least that of the smallest numbers; rounding to it may carry into the exponent.
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 1)));
  const steps = roundToEven(size / 2 ** (exponent - 10));
  return sign | (steps < 1024 ? steps : (exponent + 14) * 1024 + steps);
}

function roundToEven(value: number): number {
  const low = Math.floor(value);
  const past = value - low;
  return past > 0.5 || (past === 0.5 && low % 2 === 1) ? low + 1 : low;
}
