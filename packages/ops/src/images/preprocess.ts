import type { Preprocessing } from "../artifacts/backbone.ts";
import type { ExampleView } from "../artifacts/example-view.ts";
import { OpError } from "../op-error.ts";
import { planView } from "./augment/plan-view.ts";
import type { DecodedImage } from "./decoded-image.ts";
import { minMax } from "./min-max.ts";
import { normalise } from "./normalise.ts";
import { planarImage, type PlanarImage } from "./planar-image.ts";
import { resample, type ResampleTarget } from "./resample.ts";
import { roundHalfToEven } from "./round-half-to-even.ts";
import { roundToHalf } from "./round-to-half.ts";

/**
 * From a decoded image to a graph's input: resized, centre-cropped (by the longest side: not), scaled to 0..1 (8-bit by 255, 16-bit
 * by 65535), then (x - mean) / deviation in single precision; by the longest side, zeros follow to the right and below. Written to `target` from `offset` on as 3 x imageSize x imageSize
 * float32 (channels first); grey is replicated. The same as torchvision's Resize, CenterCrop, ToTensor and Normalize
 * on a Pillow image for the `pillow_` methods; the `torch_` methods resize after ToTensor.
 * @throws OpError `crop-too-large` where `resizeTo` is smaller than `imageSize`
 */
export function preprocessImage(
  image: DecodedImage,
  preprocessing: Preprocessing,
  target: Float32Array,
  offset: number,
): void {
  const length = 3 * preprocessing.imageSize ** 2;
  prepareImage(readPlanes(image, preprocessing), { preprocessing }, target.subarray(offset, offset + length));
}

/** What is done to an image once, however many views of it are made. */
export function readPlanes(image: DecodedImage, { halfReads }: Preprocessing): PlanarImage {
  return planarImage(halfReads === true ? roundToHalf(image) : image);
}

export interface PrepareOptions {
  readonly preprocessing: Preprocessing;
  /** The augmented view that is wanted; absent: the image as it is. */
  readonly view?: ExampleView | undefined;
}

/**
 * `preprocessImage` from planes on, with a view's operations where they belong: those up to a `resized_crop` act on the image
 * as it was stored, and what it leaves is resized straight to the input's size; all others act on the resized square.
 * @throws OpError `crop-too-large`
 */
export function prepareImage(image: PlanarImage, options: PrepareOptions, target: Float32Array): void {
  const { preprocessing } = options;
  const { planes, highest, width, height } = resizedOf(image, options);
  const { imageSize } = preprocessing;
  const area = imageSize ** 2;
  const isWhole = width === imageSize && height === imageSize;
  const values = isWhole ? null : new Float32Array(width * height);
  const isStretched = preprocessing.rescale === "min_max";
  const stretched = isStretched ? planes.map(minMax) : planes;
  for (const channel of [0, 1, 2]) {
    const scale = {
      highest: isStretched ? 1 : highest,
      mean: Math.fround(preprocessing.mean[channel] ?? Number.NaN),
      deviation: Math.fround(preprocessing.deviation[channel] ?? Number.NaN),
    };
    const square = target.subarray(channel * area, (channel + 1) * area);
    normalise(stretched[channel] ?? stretched[0]!, scale, values ?? square);
    if (values !== null) padWithZeros(values, width, square, imageSize);
  }
}

/** To the right and below, behind normalising: a zero there is the mean. */
function padWithZeros(values: Float32Array, width: number, square: Float32Array, side: number): void {
  square.fill(0);
  for (let row = 0; row * width < values.length; row++) {
    square.set(values.subarray(row * width, (row + 1) * width), row * side);
  }
}

function resizedOf(image: PlanarImage, { preprocessing, view }: PrepareOptions): PlanarImage {
  if (view === undefined) return resample(image, resampleTarget(image, preprocessing), preprocessing.resample);
  const plan = planView(view);
  const stored = plan.beforeResize(image);
  const { imageSize } = preprocessing;
  const size = plan.hasCrop ? { width: imageSize, height: imageSize } : resampleTarget(stored, preprocessing);
  return plan.afterResize(resample(stored, size, preprocessing.resample));
}

/** The size after resizing and the centre crop, rounded as torchvision rounds: the long side down, the crop's corner half to even. */
function resampleTarget(
  image: { readonly width: number; readonly height: number },
  { imageSize, resizeTo, fit }: Preprocessing,
): ResampleTarget {
  if (resizeTo < imageSize) {
    throw new OpError(
      "crop-too-large",
      `A centre crop of ${String(imageSize)} pixels cannot be taken of an image resized to ${String(resizeTo)}.`,
      `Let the size after resizing be at least ${String(imageSize)}.`,
    );
  }
  if (fit === "longest-side") return wholeTarget(image, imageSize);
  const shorter = Math.min(image.width, image.height);
  const sideOf = (length: number): number =>
    fit === "squash" || length === shorter ? resizeTo : Math.trunc((resizeTo * length) / shorter);
  const width = sideOf(image.width);
  const height = sideOf(image.height);
  return {
    width,
    height,
    crop: {
      left: roundHalfToEven((width - imageSize) / 2),
      top: roundHalfToEven((height - imageSize) / 2),
      width: imageSize,
      height: imageSize,
    },
  };
}

/**
 * The longer side is `side`; the other rounds half up, as Segment Anything's own code does. It keeps one pixel at least, where an image is
 * so long that nothing would be left of it.
 */
function wholeTarget(
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): ResampleTarget {
  const scale = side / Math.max(width, height);
  const sideOf = (length: number): number => Math.max(Math.trunc(length * scale + 0.5), 1);
  const size = { width: sideOf(width), height: sideOf(height) };
  return { ...size, crop: { left: 0, top: 0, ...size } };
}
