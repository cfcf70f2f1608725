import { pixelKernels } from "./pixel-kernels.ts";
import type { Plane } from "./split-channels.ts";

/** How one channel's values become a graph's input. The statistics are float32. */
export interface ChannelScale {
  /** The source's value that becomes 1. */
  readonly highest: number;
  readonly mean: number;
  readonly deviation: number;
}

/** target = (plane / highest - mean) / deviation, rounded to single precision after every step, as float32 tensors are. */
export function normalise(plane: Plane, scale: ChannelScale, target: Float32Array): void {
  if (plane instanceof Uint8Array) {
    normaliseBytes(plane, scale, target);
    return;
  }
  const { highest, mean, deviation } = scale;
  for (let index = 0; index < target.length; index++) {
    target[index] = Math.fround(Math.fround(plane[index]! / highest) - mean) / deviation;
  }
}

function normaliseBytes(plane: Uint8Array, { mean, deviation }: ChannelScale, target: Float32Array): void {
  const kernels = pixelKernels();
  const at = kernels.layOut({ source: plane.length, target: 4 * plane.length });
  kernels.bytes().set(plane, at.source);
  kernels.normalise(at.source, plane.length, at.target, mean, deviation);
  target.set(new Float32Array(kernels.memory.buffer, at.target, plane.length));
}
