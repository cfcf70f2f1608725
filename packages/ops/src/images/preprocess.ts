import type { Preprocessing } from "../artifacts/backbone.ts";
import { OpError } from "../op-error.ts";
import type { DecodedImage } from "./decoded-image.ts";
import { resample, type ResampleTarget } from "./resample.ts";
import { normalise } from "./normalise.ts";

/**
 * From a decoded image to a graph's input: resized, centre-cropped, scaled to 0..1 (8-bit by 255, 16-bit by 65535),
 * then (x - mean) / deviation in single precision. Written to `target` from `offset` on as 3 x imageSize x imageSize
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
  const { planes, width, height } = resample(image, resampleTarget(image, preprocessing), preprocessing.resample);
  const highest = image.data instanceof Uint16Array ? 65535 : 255;
  for (const channel of [0, 1, 2]) {
    const start = offset + channel * width * height;
    const scale = {
      highest,
      mean: Math.fround(preprocessing.mean[channel] ?? Number.NaN),
      deviation: Math.fround(preprocessing.deviation[channel] ?? Number.NaN),
    };
    normalise(planes[channel] ?? planes[0]!, scale, target.subarray(start, start + width * height));
  }
}

/** The size after resizing and the centre crop, rounded as torchvision rounds: the long side down, the crop's corner half to even. */
function resampleTarget(image: DecodedImage, { imageSize, resizeTo, fit }: Preprocessing): ResampleTarget {
  if (resizeTo < imageSize) {
    throw new OpError(
      "crop-too-large",
      `A centre crop of ${String(imageSize)} pixels cannot be taken of an image resized to ${String(resizeTo)}.`,
      `Let the size after resizing be at least ${String(imageSize)}.`,
    );
  }
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

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const isHalf = value - below === 0.5;
  return isHalf ? below + (below % 2) : Math.round(value);
}
