import { readFileSync } from "node:fs";
import type { Preprocessing } from "../../../packages/ops/src/artifacts/backbone.ts";
import type { DecodedImage } from "../../../packages/ops/src/images/decoded-image.ts";

/** What `resample.py` wrote. Results are base64 of little-endian bytes. */
export interface ResampleFixture {
  readonly resize: readonly ResizeCase[];
  readonly preprocess: readonly PreprocessCase[];
}

export interface ResizeCase extends SourceCase {
  readonly method: Preprocessing["resample"];
  readonly to: readonly [number, number];
  readonly type: "uint8" | "float32";
  readonly result: string;
}

export interface PreprocessCase extends SourceCase {
  readonly preprocessing: Preprocessing;
  readonly result: string;
}

interface SourceCase {
  /** Width and height. */
  readonly from: readonly [number, number];
  readonly channels: 1 | 3;
  readonly bits: 8 | 16;
}

export function readResampleFixture(): ResampleFixture {
  return JSON.parse(readFileSync(new URL("resample.json", import.meta.url), "utf8")) as ResampleFixture;
}

/** The input of a case: the linear congruential generator that `resample.py` draws it with. */
export function sourceImage({ from: [width, height], channels, bits }: SourceCase): DecodedImage {
  const count = width * height * channels;
  const data = bits === 8 ? new Uint8Array(count) : new Uint16Array(count);
  let state = 12345;
  for (let index = 0; index < count; index++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    data[index] = (state >> 8) % 2 ** bits;
  }
  return { width, height, channels, data };
}

export function float32Result({ result }: { readonly result: string }): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(result, "base64")).buffer);
}
