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
      return BigInt64Array.from(values, bigIntegerOf);
    case "int32":
      return Int32Array.from(values, Math.trunc);
    case "bool":
      return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  }
}

/** Bounds stay so: the largest int64 is no number here, but the one after it, which would turn into the least. */
function bigIntegerOf(value: number): bigint {
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  return value <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(value));
}

/** The value that a tensor of a type holds in place of another: whole numbers are cut off, floats rounded to nearest. */
export function roundToType(value: number, type: ElementType): number {
  switch (type) {
    case "float32":
      return Math.fround(value);
    case "float64":
      return value;
    case "float16":
      return numberOfHalf(halfOf(value));
    case "int64":
      return Math.trunc(value);
    case "int32":
      return Math.trunc(value) | 0;
    case "bool":
      return value === 0 ? 0 : 1;
  }
}

/** Values from the bytes that ONNX stores them in. */
export function valuesOfBytes(bytes: Uint8Array, type: ElementType): readonly number[] {
  // A copy, since views of wider types have to begin at a multiple of their width.
  const { buffer } = new Uint8Array(bytes);
  switch (type) {
    case "float32":
      return Array.from(new Float32Array(buffer));
    case "float64":
      return Array.from(new Float64Array(buffer));
    case "float16":
      return Array.from(new Uint16Array(buffer), numberOfHalf);
    case "int64":
      return Array.from(new BigInt64Array(buffer), Number);
    case "int32":
      return Array.from(new Int32Array(buffer));
    case "bool":
      return Array.from(new Uint8Array(buffer));
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

/** The number that the bits of a float16 stand for. */
export function numberOfHalf(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function roundToEven(value: number): number {
  const low = Math.floor(value);
  const past = value - low;
  return past > 0.5 || (past === 0.5 && low % 2 === 1) ? low + 1 : low;
}
