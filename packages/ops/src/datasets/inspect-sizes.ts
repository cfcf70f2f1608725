import type { ImageShape } from "./inspect-images.ts";
import type { ImageSizes, PixelSize } from "./inspection.ts";

/** The extremes and kinds of what could be read; null where nothing could. */
export function summariseSizes(shapes: readonly ImageShape[]): ImageSizes | null {
  const [first, ...others] = shapes;
  if (first === undefined) return null;
  let [smallest, largest] = [first, first];
  for (const shape of others) {
    if (area(shape) < area(smallest)) smallest = shape;
    if (area(shape) > area(largest)) largest = shape;
  }
  return { smallest: sizeOf(smallest), largest: sizeOf(largest), pixels: countPixels(shapes) };
}

function countPixels(shapes: readonly ImageShape[]): ImageSizes["pixels"] {
  const counts = new Map<string, { channels: number; bits: number; images: number }>();
  for (const { channels, bits } of shapes) {
    const key = `${channels}x${bits}`;
    const count = counts.get(key) ?? { channels, bits, images: 0 };
    count.images += 1;
    counts.set(key, count);
  }
  return [...counts.values()].sort((a, b) => b.images - a.images || a.channels - b.channels || a.bits - b.bits);
}

function area({ width, height }: PixelSize): number {
  return width * height;
}

function sizeOf({ width, height }: PixelSize): PixelSize {
  return { width, height };
}
