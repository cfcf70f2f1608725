import type { RandomStream } from "../../runtime/random.ts";
import type { PlanarImage } from "../planar-image.ts";
import type { Plane } from "../split-channels.ts";

/** Left and right change places in half of the views. */
export function horizontalFlip(image: PlanarImage, stream: RandomStream): PlanarImage {
  return drawsMirror(stream) ? flipColumns(image) : image;
}

/** Whether a horizontal flip turns the image round, told by its stream alone. */
export function drawsMirror(stream: RandomStream): boolean {
  return stream.uniform() < 0.5;
}

/** Top and bottom change places in a quarter of the views, as in the published study. */
export function verticalFlip(image: PlanarImage, stream: RandomStream): PlanarImage {
  return stream.uniform() < 0.25 ? flipRows(image) : image;
}

export function flipColumns(image: PlanarImage): PlanarImage {
  return {
    ...image,
    planes: image.planes.map((plane) => {
      const flipped: Plane = plane.slice();
      for (let start = 0; start < flipped.length; start += image.width) {
        flipped.subarray(start, start + image.width).reverse();
      }
      return flipped;
    }),
  };
}

export function flipRows(image: PlanarImage): PlanarImage {
  return {
    ...image,
    planes: image.planes.map((plane) => {
      const flipped: Plane = plane.slice();
      for (let start = 0; start < plane.length; start += image.width) {
        flipped.set(plane.subarray(start, start + image.width), plane.length - start - image.width);
      }
      return flipped;
    }),
  };
}
