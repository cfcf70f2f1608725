export interface PaddedAxis {
  readonly size: number;
  readonly before: number;
  readonly padded: number;
  /** `reflect`, `edge` or `wrap`. */
  readonly mode: string;
}

/** What a Pad makes of one axis as a matrix of zeros and ones, [padded, size], row-major: which entry each is a copy of. */
export function paddingWeights({ size, before, padded, mode }: PaddedAxis): Float64Array {
  const weights = new Float64Array(padded * size);
  for (let out = 0; out < padded; out += 1) weights[out * size + sourceOf(out - before, size, mode)] = 1;
  return weights;
}

function sourceOf(at: number, size: number, mode: string): number {
  switch (mode) {
    case "edge":
      return Math.max(0, Math.min(size - 1, at));
    case "wrap":
      return ((at % size) + size) % size;
    case "reflect": {
      // There and back again, without the ends twice.
      const period = Math.max(1, 2 * (size - 1));
      const within = ((at % period) + period) % period;
      return within < size ? within : period - within;
    }
    default:
      throw new Error(`A padding of mode "${mode}" is not known.`);
  }
}
