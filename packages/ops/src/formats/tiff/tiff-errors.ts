import { OpError } from "../../op-error.ts";

/** @param problem completes "FILE cannot be decoded: ..." */
export function damagedTiff(name: string, problem: string): OpError {
  return new OpError(
    "image-damaged",
    `${name} cannot be decoded: ${problem}.`,
    "Fetch the image again, or take it out of the data set.",
  );
}

/** @param problem completes "FILE cannot be used: ..." */
export function unsupportedTiff(name: string, problem: string): OpError {
  return new OpError(
    "image-unsupported",
    `${name} cannot be used: ${problem}.`,
    "Use TIFF with grey or RGB pixels of 8, 16 or 32 bits, not packed or by LZW, Deflate, PackBits or JPEG.",
  );
}
