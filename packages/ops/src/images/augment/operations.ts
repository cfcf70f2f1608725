import type { RandomStream } from "../../runtime/random.ts";
import type { PlanarImage } from "../planar-image.ts";
import { horizontalFlip, verticalFlip } from "./flip.ts";
import { intensity } from "./intensity.ts";
import { resizedCrop } from "./resized-crop.ts";
import { rotation } from "./rotation.ts";

/** What may be done to an image to make a view of it, as programs write it. */
export const augmentationNames = ["resized_crop", "horizontal_flip", "vertical_flip", "rotation", "intensity"] as const;

export type AugmentationName = (typeof augmentationNames)[number];

/** Draws what it needs from the stream, and gives the image after it. */
export type ViewOperation = (image: PlanarImage, stream: RandomStream) => PlanarImage;

/** The operation of each name. */
export const viewOperations: Readonly<Record<AugmentationName, ViewOperation>> = {
  resized_crop: resizedCrop,
  horizontal_flip: horizontalFlip,
  vertical_flip: verticalFlip,
  rotation,
  intensity,
};
