/** One dimension of a tensor: a fixed size, or a multiple of a size that is known only when the graph runs (the batch). */
export type Dimension = number | FreeDimension;

export interface FreeDimension {
  readonly symbol: string;
  readonly times: number;
}

export type Shape = readonly Dimension[];

/** The size `symbol` itself, e.g. the number of images in a batch. */
export function freeDimension(symbol: string): FreeDimension {
  return { symbol, times: 1 };
}

/** @throws Error where two dimensions of the shape are free: such a product has no name */
export function elementCount(shape: Shape): Dimension {
  const free = shape.filter((dimension) => typeof dimension !== "number");
  const fixed = shape.reduce<number>((count, dimension) => count * factorOf(dimension), 1);
  const [first, second] = free;
  if (second !== undefined) throw new Error(`The shape ${formatShape(shape)} has two free dimensions.`);
  return first === undefined ? fixed : { symbol: first.symbol, times: fixed };
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  if (typeof a === "number" || typeof b === "number") return a === b;
  return a.symbol === b.symbol && a.times === b.times;
}

/**
 * The shape of an element-wise operation, by NumPy's rule: aligned at the last dimension, ones stretch.
 * @throws Error naming both shapes where they do not fit
 */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const left = a[index - rank + a.length] ?? 1;
    const right = b[index - rank + b.length] ?? 1;
    if (left === 1) return right;
    if (right === 1 || sameDimension(left, right)) return left;
    throw new Error(`Shapes ${formatShape(a)} and ${formatShape(b)} cannot be broadcast.`);
  });
}

/** The dimension at an axis, which may count from the end. @throws Error where there is no such axis */
export function dimensionAt(shape: Shape, axis: number): Dimension {
  const dimension = shape.at(axis);
  if (dimension === undefined) throw new Error(`The shape ${formatShape(shape)} has no axis ${String(axis)}.`);
  return dimension;
}

/** The size at an axis where it has to be fixed. @throws Error where it is free */
export function fixedSizeAt(shape: Shape, axis: number): number {
  const dimension = dimensionAt(shape, axis);
  if (typeof dimension !== "number") throw new Error(`Axis ${String(axis)} of ${formatShape(shape)} is not fixed.`);
  return dimension;
}

export function formatShape(shape: Shape): string {
  return `[${shape.map(formatDimension).join(", ")}]`;
}

export function formatDimension(dimension: Dimension): string {
  if (typeof dimension === "number") return String(dimension);
  return dimension.times === 1 ? dimension.symbol : `${String(dimension.times)}*${dimension.symbol}`;
}

function factorOf(dimension: Dimension): number {
  return typeof dimension === "number" ? dimension : dimension.times;
}
