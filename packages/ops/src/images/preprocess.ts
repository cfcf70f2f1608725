import type { Preprocessing } from "../artifacts/backbone.ts";
import { OpError } from "../op-error.ts";
import type { DecodedImage } from "./decoded-image.ts";
import { resample, type ResampledImage, type ResampleTarget } from "./resample.ts";

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
  const resampled = resample(dropEqualChannels(image), resampleTarget(image, preprocessing), preprocessing.resample);
  const highest = image.data instanceof Uint16Array ? 65535 : 255;
  const pixels = resampled.width * resampled.height;
  const planes = [0, 1, 2].map((channel): Plane => {
    const values = target.subarray(offset + channel * pixels, offset + (channel + 1) * pixels);
    return { values, channel, highest, ...channelStatistics(preprocessing, channel) };
  });
  const { data, channels } = resampled;
  if (data instanceof Uint8Array && channels === 1) writeGreyPlanes(planes, data);
  else for (const plane of planes) writePlane(plane, resampled);
}

/**
 * Grey images are often stored as RGB: three equal channels give three equal results, so that one is enough. The result
 * has the same bits.
 */
function dropEqualChannels(image: DecodedImage): DecodedImage {
  const { data, channels } = image;
  if (channels === 1) return image;
  const grey = data instanceof Uint8Array ? new Uint8Array(data.length / 3) : new Uint16Array(data.length / 3);
  for (let pixel = 0, place = 0; pixel < grey.length; pixel++, place += 3) {
    const value = data[place]!;
    if (value !== data[place + 1] || value !== data[place + 2]) return image;
    grey[pixel] = value;
  }
  return { ...image, channels: 1, data: grey };
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

/** One channel of the graph's input, and how its values are made. */
interface Plane {
  readonly values: Float32Array;
  readonly channel: number;
  /** The source's value that becomes 1. */
  readonly highest: number;
  readonly mean: number;
  readonly deviation: number;
}

function writePlane(plane: Plane, { channels, data }: ResampledImage): void {
  const { values } = plane;
  const first = channels === 1 ? 0 : plane.channel;
  if (data instanceof Uint8Array) {
    const table = byteTable(plane);
    for (let index = 0, place = first; index < values.length; index++, place += channels) {
      values[index] = table[data[place]!]!;
    }
    return;
  }
  for (let index = 0; index < values.length; index++) {
    values[index] = normalise(data[index * channels + first]!, plane);
  }
}

/** The common case, in one pass over the pixels. */
function writeGreyPlanes(planes: readonly Plane[], data: Uint8Array): void {
  const [red, green, blue] = planes.map(({ values }) => values) as [Float32Array, Float32Array, Float32Array];
  const [reds, greens, blues] = planes.map(byteTable) as [Float32Array, Float32Array, Float32Array];
  for (let index = 0; index < data.length; index++) {
    const value = data[index]!;
    red[index] = reds[value]!;
    green[index] = greens[value]!;
    blue[index] = blues[value]!;
  }
}

function byteTable(plane: Plane): Float32Array {
  const table = new Float32Array(256);
  for (let value = 0; value < 256; value++) table[value] = normalise(value, plane);
  return table;
}

/** Rounded to single precision after every step, as float32 tensors are. */
function normalise(value: number, { highest, mean, deviation }: Plane): number {
  return Math.fround(Math.fround(Math.fround(value / highest) - mean) / deviation);
}

function channelStatistics(preprocessing: Preprocessing, channel: number): Pick<Plane, "mean" | "deviation"> {
  return {
    mean: Math.fround(preprocessing.mean[channel] ?? Number.NaN),
    deviation: Math.fround(preprocessing.deviation[channel] ?? Number.NaN),
  };
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const isHalf = value - below === 0.5;
  return isHalf ? below + (below % 2) : Math.round(value);
}
