import { open, type FileHandle } from "node:fs/promises";
import type { AsyncBuffer, FileMetaData, ParquetScan } from "hyparquet";
import type { NamedArray } from "../arrays/decode-npy.ts";
import { OpError } from "../op-error.ts";
import { damagedOwnFile, unreadableOwnFile } from "./own-file-errors.ts";
import type { OwnFile } from "./own-file.ts";

/**
 * A Parquet file: columns of numbers or texts, and columns of lists of numbers, each of one length.
 * @throws OpError `file-unreadable`, `own-file-damaged`; on loading also `own-column-unsupported` and `own-column-ragged`
 */
export async function openParquet(path: string, file: string): Promise<OwnFile> {
  const handle = await open(path, "r").catch((error: unknown) => {
    throw unreadableOwnFile(path, file, error);
  });
  try {
    const source = await bufferOf(handle);
    // Loaded here alone: no other file needs them.
    const [{ parquetMetadataAsync, parquetScan }, { compressors }] = await Promise.all([
      import("hyparquet"),
      import("hyparquet-compressors"),
    ]);
    const metadata = await orDamaged(file, () => parquetMetadataAsync(source));
    requireSaneSizes(file, metadata, source.byteLength);
    const scan = await orDamaged(file, () =>
      parquetScan({ file: source, metadata, compressors, useOffsetIndex: false }),
    );
    const columns = columnsOf(metadata);
    return {
      file,
      names: [...columns.keys()],
      load: async (name) => {
        const cells = await loadColumn(scan, name, file);
        return toArray(cells, { column: `${name} of ${file}`, isFloat: columns.get(name)?.isFloat === true });
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Columns by name, and whether they are of floats: all numbers come out of a file alike. */
type Columns = ReadonlyMap<string, { readonly isFloat: boolean }>;

/** The top level of the schema, where a list is one column. Groups are listed before what is in them. */
function columnsOf({ schema }: FileMetaData): Columns {
  const columns = new Map<string, { readonly isFloat: boolean }>();
  let at = 1;
  const skip = (): void => {
    const children = schema[at]?.num_children ?? 0;
    at += 1;
    for (let child = 0; child < children && at < schema.length; child += 1) skip();
  };
  while (at < schema.length) {
    const { name, type, logical_type: logical } = schema[at]!;
    columns.set(name, { isFloat: type === "FLOAT" || type === "DOUBLE" || logical?.type === "FLOAT16" });
    skip();
  }
  return columns;
}

/** A page may hold far more than its bytes; a row takes some bytes at least in any honest file of features. */
function requireSaneSizes(file: string, { num_rows: rows, row_groups: groups }: FileMetaData, bytes: number): void {
  const sizes = groups.flatMap(({ columns }) =>
    columns.map(({ meta_data: column }) => column?.total_uncompressed_size),
  );
  const unpacked = Number(sizes.reduce<bigint>((sum, size) => sum + (size ?? 0n), 0n));
  if (rows >= 0n && Number(rows) <= mostRows && unpacked <= Math.max(ratioFrom, mostRatio * bytes)) return;
  throw new OpError(
    "own-file-too-large",
    `${file} is refused: its ${String(bytes)} bytes would unpack to ${String(rows)} rows of ${String(unpacked)} bytes in all.`,
    "Save the table again, for one data set alone.",
  );
}

const mostRows = 50_000_000;
const mostRatio = 200;
const ratioFrom = 16 * 1024 * 1024;

async function loadColumn(scan: ParquetScan, name: string, file: string): Promise<readonly unknown[]> {
  const cells: unknown[] = [];
  for (const { rowStart, rowEnd } of scan.ranges) {
    const part = await orDamaged(file, () => scan.readColumn({ column: name, rowStart, rowEnd }));
    if (part.length !== rowEnd - rowStart) throw damagedOwnFile(file, `its column ${name} is cut short`);
    // Not `push(...part)`: a call takes so many arguments only.
    for (const cell of part) cells.push(cell);
  }
  if (cells.length !== Number(scan.metadata.num_rows)) throw damagedOwnFile(file, `its column ${name} is cut short`);
  return cells;
}

function toArray(
  cells: readonly unknown[],
  { column, isFloat }: { readonly column: string; readonly isFloat: boolean },
): NamedArray {
  const shape = [cells.length];
  if (cells.every((cell) => typeof cell === "string")) return { holds: "strings", shape, values: cells };
  if (cells.every((cell) => typeof cell === "number"))
    return { holds: isFloat ? "floats" : "integers", shape, values: Float64Array.from(cells) };
  if (cells.every((cell) => typeof cell === "bigint"))
    return { holds: "integers", shape, values: Float64Array.from(cells, Number) };
  if (cells.every(isList)) return matrix(cells, column);
  const empty = cells.findIndex((cell) => cell === null || cell === undefined);
  if (empty >= 0) {
    throw new OpError(
      "own-column-unsupported",
      `The column ${column} has no value in row ${String(empty + 1)}.`,
      "Every row needs one.",
    );
  }
  throw new OpError(
    "own-column-unsupported",
    `The column ${column} holds neither numbers, nor texts, nor lists of numbers.`,
    "Leave the column out, or save it as one of them.",
  );
}

function matrix(rows: readonly ArrayLike<unknown>[], column: string): NamedArray {
  const width = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, place) => {
    if (row.length !== width) {
      const lengths = `${String(row.length)} values where the first row has ${String(width)}`;
      throw new OpError("own-column-ragged", `Row ${String(place + 1)} of the column ${column} has ${lengths}.`);
    }
    for (let at = 0; at < width; at += 1) {
      const value = row[at];
      if (typeof value !== "number" && typeof value !== "bigint") {
        throw new OpError(
          "own-column-unsupported",
          `Row ${String(place + 1)} of the column ${column} has a value that is no number.`,
        );
      }
      values[place * width + at] = Number(value);
    }
  });
  return { holds: "floats", shape: [rows.length, width], values };
}

function isList(cell: unknown): cell is ArrayLike<unknown> {
  return Array.isArray(cell) || (ArrayBuffer.isView(cell) && !(cell instanceof DataView));
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      if (bytesRead < bytes.length) throw new Error("the file ended while it was read");
      return bytes.buffer;
    },
  };
}

/** Whatever goes wrong inside the library is the file's fault. */
async function orDamaged<Value>(file: string, read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    throw damagedOwnFile(
      file,
      `it is damaged, or no Parquet file (${error instanceof Error ? error.message : "unknown"})`,
    );
  }
}
