/** A tensor of the interpreter: whatever its type in the graph, its values are float64, row-major; truth values are 0 and 1. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

export function tensorOf(dims: readonly number[], data: ArrayLike<number>): Tensor {
  const size = sizeOf(dims);
  if (data.length !== size) throw new Error(`[${dims.join(", ")}] does not hold ${String(data.length)} values.`);
  return { dims, data: Float64Array.from(data) };
}

/** A tensor whose value at each place is worked out from the place's indices. */
export function tensorBy(dims: readonly number[], valueAt: (place: readonly number[]) => number): Tensor {
  const data = new Float64Array(sizeOf(dims));
  const place = dims.map(() => 0);
  for (let at = 0; at < data.length; at += 1) {
    data[at] = valueAt(place);
    for (let axis = dims.length - 1; axis >= 0; axis -= 1) {
      place[axis] = (place[axis] ?? 0) + 1;
      if ((place[axis] ?? 0) < (dims[axis] ?? 0)) break;
      place[axis] = 0;
    }
  }
  return { dims, data };
}

/** The value at a place, of which leading axes and axes of size 1 count for nothing, as broadcasting wants it. */
export function valueAt({ dims, data }: Tensor, place: readonly number[]): number {
  let at = 0;
  const added = place.length - dims.length;
  dims.forEach((size, axis) => {
    at = at * size + (size === 1 ? 0 : (place[axis + added] ?? 0));
  });
  return data[at]!;
}

export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** NumPy's rule. */
export function broadcastDims(...all: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...all.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = all.map((dims) => dims[axis - rank + dims.length] ?? 1).filter((size) => size !== 1);
    if (sizes.some((size) => size !== sizes[0])) throw new Error(`Cannot broadcast ${JSON.stringify(all)}.`);
    return sizes[0] ?? 1;
  });
}

/** Axes counted from 0. */
export function fromStart(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
