import type { DecodedImage } from "./decoded-image.ts";
import { pixelKernels } from "./pixel-kernels.ts";

/** Pixels of one channel as they were decoded, row-major. */
export type StoredPlane = Uint8Array | Uint16Array | Float32Array;

/** Pixels of one channel, row-major: as they were decoded, or in floating point once something was done to them. */
export type Plane = StoredPlane;

/**
 * An image's channels, each a plane: one for a grey image, three for RGB. Grey images are often stored as RGB: of three
 * equal channels one is given, since all that follows would give three equal results.
 */
export function splitChannels({ channels, data }: DecodedImage): readonly StoredPlane[] {
  if (channels === 1) return [data];
  return data instanceof Uint8Array ? splitBytes(data) : splitWider(data);
}

/** Pixels that are split at a time: as many as stay in the cache. */
const chunk = 2 ** 14;

function splitBytes(data: Uint8Array): readonly Uint8Array[] {
  const kernels = pixelKernels();
  const at = kernels.layOut({ source: 3 * chunk, planes: 3 * chunk });
  const memory = kernels.bytes();
  const length = data.length / 3;
  let planes = [new Uint8Array(length)];
  for (let start = 0; start < length; start += chunk) {
    const pixels = Math.min(chunk, length - start);
    memory.set(data.subarray(3 * start, 3 * (start + pixels)), at.source);
    const areEqual = kernels.splitChannels(at.source, pixels, at.planes, chunk) !== 0;
    // Up to here the three were equal.
    if (!areEqual && planes.length === 1) planes = [planes[0]!, planes[0]!.slice(), planes[0]!.slice()];
    for (const [channel, plane] of planes.entries()) {
      const from = at.planes + channel * chunk;
      plane.set(memory.subarray(from, from + pixels), start);
    }
  }
  return planes;
}

function splitWider(data: Uint16Array | Float32Array): readonly StoredPlane[] {
  const planes = [0, 1, 2].map((channel) => {
    const plane = data instanceof Uint16Array ? new Uint16Array(data.length / 3) : new Float32Array(data.length / 3);
    for (let pixel = 0, place = channel; pixel < plane.length; pixel++, place += 3) plane[pixel] = data[place]!;
    return plane;
  });
  const [red, green, blue] = planes as [StoredPlane, StoredPlane, StoredPlane];
  const areEqual = red.every((value: number, pixel: number) => value === green[pixel] && value === blue[pixel]);
  return areEqual ? [red] : planes;
}
