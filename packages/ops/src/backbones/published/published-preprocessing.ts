import type { StoredWeightsValue } from "@exp-lab/dsl";
import type { Preprocessing } from "../../artifacts/backbone.ts";
import type { ParamsOf } from "../../op.ts";
import { preprocessingOf, type preprocessingParams } from "../preprocessing-params.ts";
import { imageInput } from "../stored-graph.ts";
import type { PublishedBackbone } from "./published-backbone.ts";

export interface PublishedPreprocessingParams extends ParamsOf<typeof preprocessingParams> {
  readonly image_size: number;
  readonly weights: StoredWeightsValue;
}

/**
 * How images are prepared for a published backbone: as a program says, and by default as its publisher did.
 * @throws OpError of `preprocessingOf`
 */
export function publishedPreprocessing(
  backbone: PublishedBackbone,
  params: PublishedPreprocessingParams,
): Preprocessing {
  const { image_size: imageSize, weights, fit } = params;
  // A side of the program's own keeps the share of the image that the publisher's crop leaves.
  const share = Math.round((imageSize * resizedBy(backbone, weights)) / backbone.preprocessing.imageSize);
  const resizeTo = params.resize_to ?? (fit === "longest_side" ? imageSize : share);
  return preprocessingOf({ ...params, resize_to: resizeTo }, { input: imageInput, imageSize });
}

/** The side that images are resized to before the crop, with these weights. */
function resizedBy({ weights, preprocessing }: PublishedBackbone, source: StoredWeightsValue): number {
  const known = Object.values(weights).find(({ from }) => JSON.stringify(from) === JSON.stringify(source));
  const newest = Object.values(weights)[0];
  return (known ?? newest)?.resizeTo ?? preprocessing.resizeTo;
}
