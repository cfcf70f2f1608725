/** Elements of a storage, as a tensor looks at them. Offset and strides are in elements. */
export interface StridedView {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Whether a tensor's elements lie one after the other, row by row. */
export function isContiguous({ shape, strides }: StridedView): boolean {
  if (shape.includes(0)) return true;
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    // The stride of an axis of one element is never taken.
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** The elements from a tensor's first to the last that it looks at; 0 where it has none. May be beyond 2^53. */
export function spanOf({ shape, strides }: StridedView): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((last, size, axis) => last + (size - 1) * strides[axis]!, 1);
}

/**
 * Brings a tensor's elements into rows.
 * @param from its elements, the first at the beginning
 * @param to as many bytes as the shape needs
 * @param itemSize bytes of an element
 */
export function gatherStrided(
  { shape, strides }: StridedView,
  from: Uint8Array,
  to: Uint8Array,
  itemSize: number,
): void {
  if (to.length === 0) return;
  const inner = shape.at(-1) ?? 1;
  const step = (strides.at(-1) ?? 1) * itemSize;
  const place = shape.slice(0, -1).fill(0);
  let start = 0;
  for (let row = 0; row < to.length; row += inner * itemSize) {
    for (let index = 0; index < inner; index += 1) {
      const source = start + index * step;
      for (let byte = 0; byte < itemSize; byte += 1) to[row + index * itemSize + byte] = from[source + byte]!;
    }
    // The next row: the last axis that is not at its end goes on, those behind it begin anew.
    for (let axis = place.length - 1; axis >= 0; axis -= 1) {
      place[axis]! += 1;
      start += strides[axis]! * itemSize;
      if (place[axis]! < shape[axis]!) break;
      start -= shape[axis]! * strides[axis]! * itemSize;
      place[axis] = 0;
    }
  }
}

/** Turns the bytes of every element round, in place: big-endian becomes little-endian. */
export function swapBytes(bytes: Buffer, itemSize: number): void {
  if (itemSize === 2) bytes.swap16();
  if (itemSize === 4) bytes.swap32();
  if (itemSize === 8) bytes.swap64();
}
