import type { RandomStream } from "../../runtime/random.ts";
import type { PlanarImage } from "../planar-image.ts";
import { roundHalfToEven } from "../round-half-to-even.ts";
import type { Plane } from "../split-channels.ts";

/** A part of an image, in pixels. */
export interface CropBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Share of the image's area that a crop takes. */
const scale = [0.75, 1] as const;
/** Width over height of a crop. */
const ratio = [3 / 4, 4 / 3] as const;
const tries = 10;

/** Cuts out a random part, which the backbone's own resize then brings to the input's size: torchvision's RandomResizedCrop. */
export function resizedCrop(image: PlanarImage, stream: RandomStream): PlanarImage {
  return cropTo(image, drawCropBox(image, stream));
}

/**
 * A box as RandomResizedCrop draws it: area uniform, ratio of the sides uniform in its logarithm, corner uniform. After ten
 * boxes that do not fit, the centre of the image as near to its own ratio as is allowed.
 */
export function drawCropBox(
  { width, height }: { readonly width: number; readonly height: number },
  stream: Pick<RandomStream, "uniform" | "integer">,
): CropBox {
  for (let attempt = 0; attempt < tries; attempt++) {
    const area = width * height * (scale[0] + (scale[1] - scale[0]) * stream.uniform());
    const [narrowest, widest] = [Math.log(ratio[0]), Math.log(ratio[1])];
    const sides = Math.exp(narrowest + (widest - narrowest) * stream.uniform());
    const box = { width: roundHalfToEven(Math.sqrt(area * sides)), height: roundHalfToEven(Math.sqrt(area / sides)) };
    if (box.width < 1 || box.width > width || box.height < 1 || box.height > height) continue;
    const top = stream.integer(height - box.height + 1);
    return { ...box, top, left: stream.integer(width - box.width + 1) };
  }
  return centreBox(width, height);
}

function centreBox(width: number, height: number): CropBox {
  const [narrowest, widest] = ratio;
  const box = {
    width: width / height > widest ? roundHalfToEven(height * widest) : width,
    height: width / height < narrowest ? roundHalfToEven(width / narrowest) : height,
  };
  return { ...box, left: Math.floor((width - box.width) / 2), top: Math.floor((height - box.height) / 2) };
}

export function cropTo(image: PlanarImage, { left, top, width, height }: CropBox): PlanarImage {
  return {
    ...image,
    width,
    height,
    planes: image.planes.map((plane) => {
      const part: Plane = plane.slice(0, width * height);
      for (let row = 0; row < height; row++) {
        const from = (top + row) * image.width + left;
        part.set(plane.subarray(from, from + width), row * width);
      }
      return part;
    }),
  };
}
