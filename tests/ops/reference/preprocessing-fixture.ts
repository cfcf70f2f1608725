import { readFileSync } from "node:fs";
import type { DecodedImage } from "../../../packages/ops/src/images/decoded-image.ts";
import { hashedValues } from "./hashed-weights.ts";

/** What `preprocessing.py` wrote of one published backbone. */
export interface PreparedCase {
  readonly backbone: string;
  /** Of its weights, by their name; absent: the default ones. */
  readonly weights?: string;
  /** Whose code prepared the images. */
  readonly by: string;
  /** Of the network's input. */
  readonly side: number;
  readonly inputs: readonly PreparedInput[];
}

export interface PreparedInput {
  /** Width, height and channels of the image. */
  readonly from: readonly [width: number, height: number, channels: 1 | 3];
  /** Of each channel. */
  readonly sums: readonly number[];
  /** Base64 of float32, see `samplesOf`. */
  readonly samples: string;
  /** SHA-256 of the grey levels; absent where they need not be the same. */
  readonly levels?: string;
}

export function readPreparedCases(): readonly PreparedCase[] {
  const text = readFileSync(new URL("preprocessing.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly cases: readonly PreparedCase[] }).cases;
}

/** The image that the script drew. */
export function pictureOf([width, height, channels]: PreparedInput["from"]): DecodedImage {
  const values = hashedValues(`picture ${String(width)}x${String(height)}`, width * height * channels);
  return { width, height, channels, data: Uint8Array.from(values, (value) => Math.floor((value + 1) * 128)) };
}

/** The values that the script kept of an input: the same places of all three channels. */
export function samplesOf(input: Float32Array, expected: PreparedInput): readonly (readonly [number, number])[] {
  const kept = new Float32Array(new Uint8Array(Buffer.from(expected.samples, "base64")).buffer);
  const count = kept.length / 3;
  const area = input.length / 3;
  return Array.from(kept, (value, index) => {
    const place = index % count;
    const at = Math.floor((place * area) / count) + (place % 7);
    return [input[Math.floor(index / count) * area + at]!, value];
  });
}
