import { randomFrom } from "../../random/random-from.ts";

export interface DrawingOptions {
  readonly width: number;
  readonly height: number;
  /** Decides where the bright patch is: classes can be told apart, if not at a glance. */
  readonly label: number;
  readonly seed: number;
}

/** Grey values (0 to 255) of noise with a brighter patch, row-major; the same for the same seed. */
export function drawSmall({ width, height, label, seed }: DrawingOptions): Uint8Array {
  const random = randomFrom(seed);
  const values = Uint8Array.from({ length: width * height }, () => 20 + Math.floor(80 * random()));
  const [top, left] = [Math.floor(((label % 3) * height) / 4) + 1, Math.floor(((label % 2) * width) / 3) + 1];
  for (let row = top; row < Math.min(top + height / 3, height); row++) {
    for (let column = left; column < Math.min(left + width / 3, width); column++) {
      values[row * width + column] = values[row * width + column]! + 110;
    }
  }
  return values;
}
