import type { RandomStream } from "../../runtime/random.ts";
import type { PlanarImage } from "../planar-image.ts";
import { roundHalfToEven } from "../round-half-to-even.ts";
import type { Plane } from "../split-channels.ts";

/** Turns by up to 90 degrees either way, all angles equally likely. */
export function rotation(image: PlanarImage, stream: RandomStream): PlanarImage {
  return rotate(image, 180 * stream.uniform() - 90);
}

/**
 * Counter-clockwise about the centre; the size stays. Every pixel takes its nearest one of the source, or 0 where that lies
 * outside. In single precision step by step as torchvision's `rotate` on tensors, whose roundings decide between two pixels
 * that are equally near.
 */
export function rotate(image: PlanarImage, degrees: number): PlanarImage {
  const sources = sourcesOf(image, degrees);
  return {
    ...image,
    planes: image.planes.map((plane) => {
      const turned: Plane = plane.slice().fill(0);
      for (let index = 0; index < turned.length; index++) {
        const source = sources[index]!;
        if (source >= 0) turned[index] = plane[source]!;
      }
      return turned;
    }),
  };
}

/** For every pixel of the result the place in the source that it is taken of, or -1. */
function sourcesOf({ width, height }: PlanarImage, degrees: number): Int32Array {
  const angle = (-degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.fround(Math.cos(angle)), Math.fround(Math.sin(angle))];
  const [halfWidth, halfHeight] = [width / 2, height / 2];
  // Positions are scaled to -1..1, and back to pixels when the source is looked up.
  const across = { x: Math.fround(cosine / halfWidth), y: Math.fround(sine / halfWidth) };
  const down = { x: Math.fround(-sine / halfHeight), y: Math.fround(cosine / halfHeight) };
  const sources = new Int32Array(width * height);
  for (let row = 0, index = 0; row < height; row++) {
    const y = row + 0.5 - halfHeight;
    for (let column = 0; column < width; column++, index++) {
      const x = column + 0.5 - halfWidth;
      const sourceColumn = pixelAt(x * across.x + Math.fround(y * across.y), width);
      const sourceRow = pixelAt(x * down.x + Math.fround(y * down.y), height);
      const isInside = sourceColumn >= 0 && sourceColumn < width && sourceRow >= 0 && sourceRow < height;
      sources[index] = isInside ? sourceRow * width + sourceColumn : -1;
    }
  }
  return sources;
}

/** The pixel at a position of -1..1 along a side. */
function pixelAt(position: number, size: number): number {
  const scaled = Math.fround(Math.fround(Math.fround(position) + 1) * size);
  return roundHalfToEven(Math.fround(scaled - 1) / 2);
}
