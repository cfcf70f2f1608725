import type { RawValues } from "../raw-image.ts";

/** Percentiles (0 to 100) of all values, interpolated linearly between the two nearest, as `numpy.percentile` does. */
export function percentilesOf(values: RawValues, percentiles: readonly number[]): readonly number[] {
  const sorted = values.slice().sort();
  const last = sorted.length - 1;
  return percentiles.map((percentile) => {
    const place = (percentile / 100) * last;
    const below = Math.floor(place);
    const [from, to] = [sorted[below]!, sorted[Math.min(below + 1, last)]!];
    const part = place - below;
    // The nearer end is added to, so that equal ends give themselves.
    return part < 0.5 ? from + (to - from) * part : to - (to - from) * (1 - part);
  });
}
