import type { DecodedImage } from "./decoded-image.ts";
import { roundHalfToEven } from "./round-half-to-even.ts";

/**
 * Pixels as they are after being read into half precision (IEEE binary16): eleven significant bits, ties to even. All 8-bit
 * values are kept. From 65520 on a half would be infinite, and every value that is worked out from it useless: those pixels
 * become 65504, the largest half.
 */
export function roundToHalf(image: DecodedImage): DecodedImage {
  const { data } = image;
  if (data instanceof Uint8Array) return image;
  return { ...image, data: data instanceof Uint16Array ? data.map(halfOf) : data.map(halfOfFraction) };
}

const largestHalf = 65504;
const significantBits = 11;

function halfOf(value: number): number {
  const bits = 32 - Math.clz32(value);
  if (bits <= significantBits) return value;
  const step = 2 ** (bits - significantBits);
  return Math.min(roundHalfToEven(value / step) * step, largestHalf);
}

/** Of a value of 0..1: steps shrink with it down to those of the smallest halves, 2 ** -24. */
function halfOfFraction(value: number): number {
  if (value === 0) return 0;
  const step = 2 ** Math.max(Math.floor(Math.log2(value)) - significantBits + 1, smallestExponent);
  return roundHalfToEven(value / step) * step;
}

const smallestExponent = -24;
