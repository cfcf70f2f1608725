import type { StoredWeightsValue } from "@exp-lab/dsl";
import { freeDimension } from "../../onnx/shapes.ts";
import { countParameters, weightsAskedBy } from "../networks/asked-weights.ts";
import type { PublishedBackbone } from "./published-backbone.ts";
import { publishedBackbones } from "./published-backbones.ts";

/** One line of the list of published backbones, for people. */
export interface BackboneDescription {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly licence: string;
  readonly isGated: boolean;
  /** Of what features come from, without a classifier; counted from the graph. */
  readonly parameters: number;
  readonly imageSize: number;
  /** With widths. */
  readonly parts: readonly { readonly name: string; readonly width: number }[];
  readonly weights: readonly WeightsDescription[];
}

export interface WeightsDescription {
  readonly name: string;
  readonly from: StoredWeightsValue;
  readonly note: string | null;
  /** All 64 hex digits or the first of them; null where it is not known before a lock is written. */
  readonly sha256: string | null;
}

export function describeBackbones(): readonly BackboneDescription[] {
  return publishedBackbones.map(describe);
}

function describe(backbone: PublishedBackbone): BackboneDescription {
  const { name, summary, source, licence, isGated = false, preprocessing, weights, parts } = backbone;
  const { imageSize } = preprocessing;
  const widths = new Map<string, number>();
  const asked = weightsAskedBy((graph, all) => {
    const image = graph.input("image", [freeDimension("batch"), 3, imageSize, imageSize]);
    const has = (weight: string): boolean => all.has(weight) && backbone.lacks?.test(weight) !== true;
    const options = { imageSize, positions: backbone.positions ?? null, norm: "final" } as const;
    for (const [part, { shape }] of backbone.build(graph, image, { weights: { ...all, has }, ...options })) {
      widths.set(part, Number(shape.at(-1)));
    }
  });
  return {
    ...{ name, summary, source, licence, isGated, imageSize },
    parameters: countParameters(asked),
    parts: parts.map((part) => ({ name: part, width: widths.get(part) ?? 0 })),
    weights: Object.entries(weights).map(([word, { from, note = null, sha256 = null }]) => ({
      name: word,
      from,
      note,
      sha256,
    })),
  };
}
