import type { DecodedImage } from "./decoded-image.ts";
import { splitChannels, type Plane } from "./split-channels.ts";

/** An image by channels, on the scale that it was stored in. */
export interface PlanarImage {
  readonly width: number;
  readonly height: number;
  /** [height, width] each: one where all channels are equal, else red, green and blue. */
  readonly planes: readonly Plane[];
  /** The largest value that the source can hold: 255 or 65535; 1 behind a window. */
  readonly highest: number;
}

export function planarImage(image: DecodedImage): PlanarImage {
  const { width, height, data } = image;
  return { width, height, planes: splitChannels(image), highest: highestOf(data) };
}

function highestOf(data: DecodedImage["data"]): number {
  if (data instanceof Float32Array) return 1;
  return data instanceof Uint16Array ? 65535 : 255;
}
