import type { FloatTensor } from "../../../packages/ops/src/runtime/session.ts";
import { hashedValues } from "./hashed-weights.ts";
import type { NetworkFixture } from "./network-fixture.ts";

export interface NetworkBatch {
  readonly images: FloatTensor;
  /** [batch], or [batch, 1, height, width] where each pixel has one. */
  readonly labels: { readonly data: Int32Array; readonly dims: readonly number[] };
}

/** A batch as `networks.py` makes it: noise around a colour that the label says. */
export function networkBatch(network: NetworkFixture, index: number): NetworkBatch {
  const { batchSize, classes, loss } = network;
  const [channels, height, width] = network.image;
  const isDense = loss === "dice-cross-entropy";
  const [down, across] = isDense ? [height / 8, width / 8] : [1, 1];
  const squares = Int32Array.from(hashedValues(`labels ${index}`, batchSize * down * across), (value) =>
    Math.floor(((value + 1) * classes) / 2),
  );
  const labelAt = (example: number, y: number, x: number): number =>
    squares[(example * down + Math.floor((y * down) / height)) * across + Math.floor((x * across) / width)]!;

  const noise = hashedValues(`images ${index}`, batchSize * channels * height * width);
  const images = Float32Array.from(noise, (value, place) => {
    const [x, y] = [place % width, Math.floor(place / width) % height];
    const plane = Math.floor(place / (height * width));
    const label = labelAt(Math.floor(plane / channels), y, x);
    return (2 * ((label + (plane % channels)) % classes)) / (classes - 1) - 1 + 0.5 * value;
  });
  const pixels = Int32Array.from({ length: batchSize * height * width }, (_, place) =>
    labelAt(Math.floor(place / (height * width)), Math.floor(place / width) % height, place % width),
  );
  return {
    images: { data: images, dims: [batchSize, channels, height, width] },
    labels: isDense ? { data: pixels, dims: [batchSize, 1, height, width] } : { data: squares, dims: [batchSize] },
  };
}
