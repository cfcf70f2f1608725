import { readFileSync } from "node:fs";
import type { ResampleMethod } from "../../../packages/ops/src/artifacts/backbone.ts";

/** What `augment.py` wrote. Results are base64 of little-endian numbers, channels first. */
export interface AugmentFixture {
  readonly boxes: readonly {
    readonly size: Pair;
    /** What torchvision was handed in place of its own draws, each in [0, 1). */
    readonly numbers: readonly number[];
    readonly box: Box;
  }[];
  readonly crops: readonly (Source & {
    readonly box: Box;
    readonly side: number;
    readonly method: ResampleMethod;
  })[];
  readonly turns: readonly (Source & { readonly bits: 8 | 16; readonly degrees: number })[];
  readonly flips: readonly (Source & { readonly flip: "columns" | "rows" })[];
  readonly jitters: readonly (Source & { readonly kind: "brightness" | "contrast"; readonly factor: number })[];
}

type Pair = readonly [width: number, height: number];
type Box = readonly [left: number, top: number, width: number, height: number];

interface Source {
  readonly size: Pair;
  readonly channels: 1 | 3;
  readonly result: string;
}

export function readAugmentFixture(): AugmentFixture {
  return JSON.parse(readFileSync(new URL("augment.json", import.meta.url), "utf8")) as AugmentFixture;
}
