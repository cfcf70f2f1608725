import type { RandomStream } from "../../runtime/random.ts";
import type { PlanarImage } from "../planar-image.ts";

/** How far brightness and contrast go from 1, either way. */
const reach = 0.2;

/** Brightness, then contrast, each by a factor of 0.8 to 1.2. */
export function intensity(image: PlanarImage, stream: RandomStream): PlanarImage {
  const brightness = 1 + reach * (2 * stream.uniform() - 1);
  const contrast = 1 + reach * (2 * stream.uniform() - 1);
  return adjustContrast(adjustBrightness(image, brightness), contrast);
}

/** All values times the factor, as torchvision's `adjust_brightness` on float tensors. */
export function adjustBrightness(image: PlanarImage, factor: number): PlanarImage {
  return blend(image, 0, factor);
}

/**
 * Values drawn away from the image's mean grey (factor above 1) or towards it, as torchvision's `adjust_contrast` on float
 * tensors: the grey of a colour is 0.2989 red + 0.587 green + 0.114 blue, that of an image of one channel the channel itself.
 */
export function adjustContrast(image: PlanarImage, factor: number): PlanarImage {
  return blend(image, (1 - factor) * meanGrey(image), factor);
}

const colourWeights = [0.2989, 0.587, 0.114] as const;

function meanGrey({ planes }: PlanarImage): number {
  const weights = planes.length === 1 ? [1] : colourWeights;
  return planes.reduce((sum, plane, channel) => {
    let total = 0;
    for (const value of plane) total += value;
    return sum + (total / plane.length) * (weights[channel] ?? Number.NaN);
  }, 0);
}

/** value * factor + addend, kept within the range of the source. */
function blend(image: PlanarImage, addend: number, factor: number): PlanarImage {
  const { highest } = image;
  return {
    ...image,
    planes: image.planes.map((plane) => {
      const result = new Float32Array(plane.length);
      for (let index = 0; index < result.length; index++) {
        result[index] = Math.min(Math.max(plane[index]! * factor + addend, 0), highest);
      }
      return result;
    }),
  };
}
