import type { RowLayout } from "../rows.ts";

/** A backbone ready to be loaded: where its graph comes from, how images are prepared and which tensors make a row. */
export interface BackboneModel {
  readonly graph: GraphSource;
  readonly preprocessing: Preprocessing;
  /** How each part of a row is read from an output of the graph. */
  readonly outputs: readonly OutputTensor[];
  readonly layout: RowLayout;
  /** Forward precision; float32 until the program may choose. */
  readonly precision: "float32";
}

/** `file`: an ONNX file of the user's, found through the locator input. `inline`: a graph built by us, as protobuf bytes. */
export type GraphSource =
  | { readonly kind: "file"; readonly digest: string }
  | { readonly kind: "inline"; readonly model: Uint8Array };

export interface OutputTensor {
  /** The tensor's name in the graph: an output, or an inner tensor that is made an output on loading. */
  readonly tensor: string;
  readonly part: string;
  /** How the tensor becomes a vector: as it is [B, D]; token 0 or the mean of the other tokens of [B, T, D]; the mean over space of [B, C, H, W]. */
  readonly reduce: "none" | "class-token" | "patch-mean" | "spatial-mean";
}

/** From a decoded image to the graph's input tensor, in this order. */
export interface Preprocessing {
  /** The graph's input name. */
  readonly input: string;
  /** Side in pixels of the square that the graph is given. */
  readonly imageSize: number;
  /** Shorter side after resizing, before the centre crop; equal to `imageSize` for no crop. */
  readonly resizeTo: number;
  readonly resample: "pillow_bilinear" | "pillow_bicubic" | "pillow_lanczos" | "torch_bicubic" | "torch_bicubic_antialias";
  /** Squash to a square, or keep the aspect ratio by the shorter side. */
  readonly fit: "squash" | "shorter-side";
  /** Values are scaled to 0..1, then (x - mean) / deviation per channel. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}
