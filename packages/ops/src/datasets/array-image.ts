import { createHash } from "node:crypto";
import type { DecodedImage } from "../images/decoded-image.ts";

/**
 * SHA-256 (hex) of an image that lies in an array: of a tag, the element type, height, width and channels, and the raw
 * little-endian values. Two arrays of the same bytes but another shape are different images.
 */
export function digestOfArrayImage({ width, height, channels, data }: DecodedImage): string {
  const type = data instanceof Uint8Array ? "uint8" : data instanceof Uint16Array ? "uint16" : "float32";
  return createHash("sha256")
    .update(`exp.array-image.1\n${type} ${String(height)} ${String(width)} ${String(channels)}\n`)
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");
}

/** An array example's id and locator, e.g. `train[12]`. */
export function arrayLocator(split: string, index: number): string {
  return `${split}[${String(index)}]`;
}

/** @throws Error where the text is no such locator: a reader is only ever handed its own */
export function parseArrayLocator(locator: string): { readonly split: string; readonly index: number } {
  const [, split, index] = /^(\w+)\[(\d+)\]$/.exec(locator) ?? [];
  if (split === undefined || index === undefined) throw new Error(`${JSON.stringify(locator)} is no array locator.`);
  return { split, index: Number(index) };
}
