import { resampleMethods, type Preprocessing } from "../artifacts/backbone.ts";
import { OpError } from "../op-error.ts";
import type { ParamsOf } from "../op.ts";

/** What `resize_to: eight_sevenths` stands for: 256 pixels for an image size of 224, and likewise for others. */
const eightSevenths = -1;
/** What `resize_to: image_size` stands for: no crop, also where a backbone was published with one. */
const noCrop = -2;

/** The parameters of a backbone that say how images are prepared for it; every constructor has them. */
export const preprocessingParams = {
  resize_to: {
    type: "integer",
    summary:
      "Side in pixels after resizing, before the centre crop to image_size (eight_sevenths of it: 256 for 224); by default image_size: no crop.",
    min: 1,
    default: null,
    words: { eight_sevenths: eightSevenths, image_size: noCrop },
    unit: "px",
  },
  resample: {
    type: "choice",
    choices: resampleMethods,
    summary: "How pixels are resized: as Pillow does, or as torch does.",
    default: "pillow_bilinear",
  },
  fit: {
    type: "choice",
    choices: ["squash", "shorter_side", "longest_side"],
    summary:
      "Resize to a square whatever the aspect ratio; or keep the ratio and resize by the shorter side, before the crop, or by the longer one, with zeros to the right and below.",
    default: "squash",
  },
  rescale: {
    type: "choice",
    choices: ["none", "min_max"],
    summary:
      "Stretch every channel of every image to 0..1 by its own extremes, after resizing and augmenting (a constant one to 0), or not.",
    default: "none",
  },
  half_reads: {
    type: "boolean",
    summary:
      "Round pixels to half precision on reading; only 16-bit images lose by it, and 65520 and more become 65504.",
    default: false,
  },
  mean: {
    type: "list",
    items: { type: "number", summary: "One channel." },
    summary: "Mean of red, green and blue (0..1) that is subtracted; by default ImageNet's.",
    minLength: 3,
    maxLength: 3,
    default: [0.485, 0.456, 0.406],
  },
  deviation: {
    type: "list",
    items: { type: "number", summary: "One channel." },
    summary: "Standard deviation of red, green and blue (0..1) that is divided by; by default ImageNet's.",
    minLength: 3,
    maxLength: 3,
    default: [0.229, 0.224, 0.225],
  },
} as const;

/**
 * @throws OpError `resize-too-small` where a crop would be larger than the image; `deviation-not-positive`
 */
export function preprocessingOf(
  params: ParamsOf<typeof preprocessingParams>,
  target: Pick<Preprocessing, "input" | "imageSize">,
): Preprocessing {
  const resizeTo = resizedSide(params.resize_to, target.imageSize);
  if (resizeTo < target.imageSize) {
    throw new OpError(
      "resize-too-small",
      `resize_to is ${String(resizeTo)}, less than the image size of ${String(target.imageSize)} that is cropped from it.`,
      `Write resize_to: ${String(target.imageSize)} or more, or leave it out.`,
    );
  }
  const fit = fits[params.fit];
  if (fit === "longest-side" && resizeTo !== target.imageSize) {
    throw new OpError(
      "resize-without-crop",
      `resize_to is ${String(resizeTo)}, but an image that is resized by its longer side is not cropped.`,
      "Leave resize_to out, or write another `fit`.",
    );
  }
  const wrong = params.deviation.find((value) => !(value > 0));
  if (wrong !== undefined) {
    throw new OpError("deviation-not-positive", `A deviation of ${String(wrong)} cannot be divided by.`);
  }
  return {
    ...target,
    resizeTo,
    resample: params.resample,
    fit,
    ...(params.rescale === "min_max" && { rescale: params.rescale }),
    ...(params.half_reads && { halfReads: true }),
    mean: threeOf(params.mean),
    deviation: threeOf(params.deviation),
  };
}

const fits = { squash: "squash", shorter_side: "shorter-side", longest_side: "longest-side" } as const;

/** Whole pixels of a ratio are cut, as the usual recipes for evaluation do. */
function resizedSide(resizeTo: number | null, imageSize: number): number {
  if (resizeTo === noCrop) return imageSize;
  return resizeTo === eightSevenths ? Math.floor((imageSize * 8) / 7) : (resizeTo ?? imageSize);
}

function threeOf(values: readonly number[]): readonly [number, number, number] {
  const [red, green, blue] = values;
  if (red === undefined || green === undefined || blue === undefined || values.length !== 3) {
    throw new Error(`Three channels have three values, not ${String(values.length)}.`);
  }
  return [red, green, blue];
}
