import type { Preprocessing } from "../artifacts/backbone.ts";

export type ResampleMethod = Preprocessing["resample"];

/**
 * One axis of a resize as weighted sums: output position p is the sum over t < counts[p] of
 * weights[p * taps + t] * input[starts[p] + t]. The weights of a position sum to one.
 */
export interface ResampleTable {
  /** Room per output position in `weights`. */
  readonly taps: number;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Float64Array;
}

/** One axis: `inputSize` pixels become `outputSize`, of which only `length` from `from` are wanted (a crop after the resize). */
export interface ResampleAxis {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly from: number;
  readonly length: number;
  /** Input pixels per output pixel where a caller of torch gives the factor itself (`torch_bicubic` only); else the sizes' ratio. */
  readonly scale?: number;
}

/**
 * The filters of Pillow (support widened by the scale when an image shrinks, weights normalised at the borders) and of
 * `torch.nn.functional.interpolate` with align_corners off. Torch works positions and weights out in single precision,
 * which moves results by more than 1e-4 of a grey level; its roundings (products fused with the sum that follows) are
 * repeated here.
 */
export function resampleTable(method: ResampleMethod, axis: ResampleAxis): ResampleTable {
  switch (method) {
    case "pillow_bilinear":
      return antialiasedTable(axis, { filter: triangle, support: 1, round: asDouble });
    case "pillow_bicubic":
      return antialiasedTable(axis, { filter: catmullRom, support: 2, round: asDouble });
    case "pillow_lanczos":
      return antialiasedTable(axis, { filter: lanczos3, support: 3, round: asDouble });
    case "torch_bicubic_antialias":
      return antialiasedTable(axis, { filter: catmullRom, support: 2, round: Math.fround });
    case "torch_bicubic":
      return fourPointTable(axis);
  }
}

/** Rounds to the precision that the reference works in. */
type Round = (value: number) => number;

interface AntialiasedFilter {
  /** Weight at a distance from the centre, in units of output pixels where the image shrinks, else of input pixels. */
  readonly filter: (distance: number, round: Round) => number;
  /** The filter is zero beyond this distance. */
  readonly support: number;
  readonly round: Round;
}

function antialiasedTable(axis: ResampleAxis, { filter, support, round }: AntialiasedFilter): ResampleTable {
  const scale = round(axis.inputSize / axis.outputSize);
  const stretch = Math.max(scale, 1);
  const shrink = round(1 / stretch);
  const reach = round(support * stretch);
  const table = emptyTable(axis, Math.ceil(reach) * 2 + 1);
  for (let index = 0; index < axis.length; index++) {
    const centre = round(scale * (axis.from + index + 0.5));
    const start = Math.max(Math.trunc(centre - reach + 0.5), 0);
    const end = Math.min(Math.trunc(centre + reach + 0.5), axis.inputSize);
    const weights = table.weights.subarray(index * table.taps, index * table.taps + end - start);
    let sum = 0;
    for (let tap = 0; tap < weights.length; tap++) {
      const weight = filter(round(round(start + tap - centre + 0.5) * shrink), round);
      weights[tap] = weight;
      sum = round(sum + weight);
    }
    for (let tap = 0; tap < weights.length; tap++) weights[tap] = round(weights[tap]! / sum);
    table.starts[index] = start;
    table.counts[index] = end - start;
  }
  return table;
}

/** Cubic convolution with a = -0.75 over four neighbours whatever the scale; neighbours outside are the border's pixel. */
function fourPointTable(axis: ResampleAxis): ResampleTable {
  const scale = Math.fround(axis.scale ?? axis.inputSize / axis.outputSize);
  const table = emptyTable(axis, 4);
  const last = axis.inputSize - 1;
  for (let index = 0; index < axis.length; index++) {
    const centre = Math.fround(scale * (axis.from + index + 0.5) - 0.5);
    const left = Math.floor(centre);
    const start = Math.min(Math.max(left - 1, 0), last);
    const end = Math.min(Math.max(left + 2, 0), last) + 1;
    const past = Math.fround(centre - left);
    const distances = [past + 1, past, 1 - past, 1 - past + 1];
    distances.forEach((distance, neighbour) => {
      const tap = Math.min(Math.max(left - 1 + neighbour, 0), last) - start;
      const slot = index * table.taps + tap;
      table.weights[slot] = table.weights[slot]! + cubic(Math.fround(distance), -0.75, Math.fround);
    });
    table.starts[index] = start;
    table.counts[index] = end - start;
  }
  return table;
}

function emptyTable(axis: ResampleAxis, taps: number): ResampleTable {
  return {
    taps,
    starts: new Int32Array(axis.length),
    counts: new Int32Array(axis.length),
    weights: new Float64Array(axis.length * taps),
  };
}

/** The rows of the source that any wanted row of the result is made of. */
export function rowsNeeded(rows: ResampleTable): { readonly top: number; readonly bottom: number } {
  let top = Infinity;
  let bottom = 0;
  rows.starts.forEach((start, index) => {
    top = Math.min(top, start);
    bottom = Math.max(bottom, start + (rows.counts[index] ?? 0));
  });
  return { top, bottom };
}

function asDouble(value: number): number {
  return value;
}

function triangle(distance: number): number {
  return Math.max(1 - Math.abs(distance), 0);
}

function catmullRom(distance: number, round: Round): number {
  return cubic(distance, -0.5, round);
}

/** The cubic convolution kernel of Keys (1981) with free parameter a. */
function cubic(distance: number, a: number, round: Round): number {
  const x = Math.abs(distance);
  if (x < 1) return round(round(round((a + 2) * x - (a + 3)) * x) * x + 1);
  if (x < 2) return round(round(round(a * x - 5 * a) * x + 8 * a) * x - 4 * a);
  return 0;
}

function lanczos3(distance: number): number {
  return distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
}

function sinc(x: number): number {
  if (x === 0) return 1;
  return Math.sin(x * Math.PI) / (x * Math.PI);
}
