import type { StoredWeightsValue } from "@exp-lab/dsl";
import type { Preprocessing, ResampleMethod } from "../../artifacts/backbone.ts";
import type { GraphScope, GraphTensor } from "../../onnx/graph-builder.ts";
import type { Naming } from "../naming/naming.ts";
import type { PositionRule } from "../networks/transformer/position-grid.ts";
import type { NetworkWeights } from "../weights/network-weights.ts";

/** A network that others have published: what it is, where its weights lie and how its images were prepared. One constructor each. */
export interface PublishedBackbone {
  /** The constructor's name, as the field says it, e.g. `dinov2_vitl14`. */
  readonly name: string;
  /** One sentence: the architecture, and what it learned from. */
  readonly summary: string;
  /** Authors and year. */
  readonly source: string;
  /** Of the weights, as their publisher says it. */
  readonly licence: string;
  /** Whether the weights are handed out only to who has accepted their terms. */
  readonly isGated?: true;
  /** By name, the default first. */
  readonly weights: Readonly<Record<string, PublishedWeights>>;
  readonly namings: readonly Naming[];
  readonly preprocessing: PublishedPreprocessing;
  /** What an image's side is a multiple of; 1 where any size goes. */
  readonly multiple: number;
  /** The parts of its rows, the default one first. */
  readonly parts: readonly string[];
  /** How positions are resized where the image has another size; absent: it has none that are. */
  readonly positions?: PositionRule;
  /** Whether a final norm is applied to every block that is taken, which `norm: none` leaves out. */
  readonly hasFinalNorm: boolean;
  /** Weights that other checkpoints of the architecture have and these do not, by their names; absent: none. */
  readonly lacks?: RegExp;
  /** Adds the network to a graph: normalised images [B, 3, S, S] -> its parts, [B, width] each. */
  readonly build: (graph: GraphScope, image: GraphTensor, options: BuildOptions) => ReadonlyMap<string, GraphTensor>;
}

export interface BuildOptions {
  readonly weights: NetworkWeights;
  readonly imageSize: number;
  /** Null for a network without positions that can be resized. */
  readonly positions: PositionRule | null;
  readonly norm: "final" | "none";
}

export interface PublishedWeights {
  readonly from: StoredWeightsValue;
  /** What else they learned from, or by, than the summary says. */
  readonly note?: string;
  /** SHA-256 of the file (64 hex digits, or the first ones) where it is known; a lock has it in any case. */
  readonly sha256?: string;
  /** Where it is not the backbone's. */
  readonly resizeTo?: number;
}

export interface PublishedPreprocessing {
  readonly imageSize: number;
  /** Side after resizing for that image size; the same share for others. */
  readonly resizeTo: number;
  readonly resample: ResampleMethod;
  readonly fit: Preprocessing["fit"];
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

export const imageNet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/** -1 to 1, as TensorFlow's networks take images. */
export const inception = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] } as const;

export const openAi = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
} as const;

/** The member of a digest that may not be known. */
export function digestOf(sha256: string | undefined): Pick<PublishedWeights, "sha256"> {
  return sha256 === undefined ? {} : { sha256 };
}

/** Weights on the hub, from the repository's main branch. */
export function onHub(repository: string, file: string | null = null): StoredWeightsValue {
  return { weights: "hf", repository, file, revision: null };
}
