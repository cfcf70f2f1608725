import type { NamedArray } from "../arrays/decode-npy.ts";
import { OpError } from "../op-error.ts";
import type { OwnFile } from "./own-file.ts";
import type { RowNames } from "./row-names.ts";

/** Numbers, one row per name of the file, row-major. */
export interface NumericRows {
  readonly name: string;
  readonly width: number;
  readonly values: Float32Array | Float64Array;
}

/** An array that was named: it must have numbers, and as many rows as there are names. @throws OpError `own-array-unexpected` */
export async function loadRows(own: OwnFile, name: string, rows: RowNames): Promise<NumericRows> {
  const array = await own.load(name);
  if (array.holds === "strings") throw unexpected(own, name, "holds texts", "numbers");
  const [count, width = 1] = array.shape;
  const shape = `is of shape (${array.shape.join(", ")})`;
  if (count !== rows.names.length || array.shape.length > 2 || width < 1) {
    const expected = `${String(rows.names.length)} rows, one for each name in ${rows.array}`;
    throw unexpected(own, name, shape, expected);
  }
  return { name, width, values: array.values };
}

/** The arrays of floats that have a row for each name; of one axis, or of two. */
export async function findFloatArrays(own: OwnFile, rows: RowNames, axes: 1 | 2): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of own.names) {
    if (name === rows.array) continue;
    const array = await loadOrPass(own, name);
    if (array?.holds !== "floats" || array.shape.length !== axes) continue;
    if (array.shape[0] === rows.names.length && array.shape[1] !== 0) found.push(name);
  }
  return found;
}

/** What is not asked for need not be readable. */
async function loadOrPass(own: OwnFile, name: string): Promise<NamedArray | null> {
  try {
    return await own.load(name);
  } catch (error) {
    if (error instanceof OpError) return null;
    throw error;
  }
}

/** Columns of any widths side by side, under one name. */
export function joinRows(name: string, columns: readonly NumericRows[], count: number): NumericRows {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return { ...only, name };
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const values = new Float64Array(count * width);
  let start = 0;
  for (const column of columns) {
    for (let row = 0; row < count; row += 1) {
      const own = column.values.subarray(row * column.width, (row + 1) * column.width);
      values.set(own, row * width + start);
    }
    start += column.width;
  }
  return { name, width, values };
}

/** Whether two rows have the same values in all of the arrays. */
export function sameIn(arrays: readonly NumericRows[]): (row: number, other: number) => boolean {
  return (row, other) =>
    arrays.every(({ width, values }) => {
      for (let at = 0; at < width; at += 1) {
        if (!Object.is(values[row * width + at], values[other * width + at])) return false;
      }
      return true;
    });
}

export function unexpected(own: OwnFile, name: string, found: string, expected: string): OpError {
  return new OpError("own-array-unexpected", `The array ${name} of ${own.file} ${found}; expected are ${expected}.`);
}
