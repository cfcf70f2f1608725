import { hashedValues } from "../../ops/reference/hashed-weights.ts";

export interface DrawnPixels {
  readonly side: number;
  /** The largest value. */
  readonly most: number;
  /** Of the noise that makes files as hard to unpack as those of scanners, in values. */
  readonly noise: number;
  /** Pictures of other numbers are others. */
  readonly number: number;
}

const noiseLength = 65_521;
let noisePattern: Float64Array | null = null;

/** A grey body on black with two dark fields in it, and noise all over: side x side values from 0 on. */
export function drawPixels({ side, most, noise, number }: DrawnPixels): Uint16Array {
  noisePattern ??= hashedValues("noise", noiseLength);
  const pixels = new Uint16Array(side * side);
  for (let row = 0; row < side; row += 1) {
    const y = (2 * row) / side - 1;
    for (let column = 0; column < side; column += 1) {
      const x = (2 * column) / side - 1;
      const body = Math.max(0, 1 - x * x - 0.7 * y * y);
      const field = Math.max(0, 1 - 9 * (Math.abs(x) - 0.4) ** 2 - 3 * (y + 0.1) ** 2);
      const place = row * side + column;
      // Sums of two are rarer the larger they are, as a scanner's noise is.
      const first = noisePattern[(place + 7919 * number) % noiseLength]!;
      const second = noisePattern[(3 * place + 104_729 * number) % noiseLength]!;
      const value = most * (0.05 + 0.8 * body - 0.45 * body * field) + noise * (first + second);
      pixels[place] = Math.min(most, Math.max(0, Math.round(value)));
    }
  }
  return pixels;
}
