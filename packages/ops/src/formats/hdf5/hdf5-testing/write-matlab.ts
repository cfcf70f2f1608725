import type { Group } from "h5wasm";
import type { RawValues } from "../../../images/raw-image.ts";

/** What a MATLAB variable or the field of a structure can be here: a row of characters, a matrix, a structure. */
export type MatlabValue = string | MatlabMatrix | MatlabStruct;

export interface MatlabMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Rows x columns, row-major. */
  readonly data: RawValues;
  /** A matrix of 0 and 1 that MATLAB calls `logical`; of `Uint8Array`. */
  readonly isLogical?: boolean;
}

export interface MatlabStruct {
  readonly [field: string]: MatlabValue;
}

/**
 * The bytes of a file as MATLAB's `save(FILE, '-v7.3')` lays it down: HDF5 behind 512 bytes of user block, columns first,
 * `MATLAB_class` at each variable.
 * @param variables by their names
 * @param isPacked in one chunk, by deflate, as MATLAB does with larger variables
 */
export async function writeMatlab(variables: MatlabStruct, { isPacked = false } = {}): Promise<Uint8Array> {
  const { File, ready } = await import("h5wasm");
  const { FS } = await ready;
  const path = "/written.mat";
  // As old as MATLAB's own.
  const file = new File(path, "w", { libver: ["earliest", "v108"] });
  writeFields(file, variables, isPacked);
  file.close();
  const written = FS.readFile(path);
  FS.unlink(path);
  return withUserBlock(written);
}

const deflate = { compression: "gzip", compression_opts: 3 } as const;

function writeFields(group: Group, fields: MatlabStruct, isPacked: boolean): void {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") writeMatrix(group, name, charactersOf(value), { isPacked, className: "char" });
    else if (isMatrix(value)) writeMatrix(group, name, value, { isPacked, className: classOf(value) });
    else {
      const inner = group.create_group(name);
      writeClass(inner, "struct");
      writeFields(inner, value, isPacked);
    }
  }
}

interface WriteOptions {
  readonly isPacked: boolean;
  readonly className: string;
}

function writeMatrix(group: Group, name: string, matrix: MatlabMatrix, { isPacked, className }: WriteOptions): void {
  const shape = [matrix.columns, matrix.rows];
  const written = group.create_dataset({
    name,
    data: columnsFirst(matrix),
    shape,
    ...(isPacked ? { chunks: shape, ...deflate } : {}),
  });
  writeClass(written, className);
  const decoding: Readonly<Record<string, number>> = { logical: 1, char: 2 };
  const code = decoding[className];
  if (code !== undefined) written.create_attribute("MATLAB_int_decode", code, [], "<i");
}

function writeClass(target: Pick<Group, "create_attribute">, className: string): void {
  target.create_attribute("MATLAB_class", className, [], `A${className.length}`);
}

function charactersOf(text: string): MatlabMatrix {
  const codes = Uint16Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return { rows: 1, columns: text.length, data: codes };
}

function columnsFirst({ rows, columns, data }: MatlabMatrix): RawValues {
  const turned = data.slice();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column]!;
  }
  return turned;
}

/** By the names of the arrays: `Int16Array` is MATLAB's int16. */
function classOf({ data, isLogical = false }: MatlabMatrix): string {
  if (isLogical) return "logical";
  if (data instanceof Float64Array) return "double";
  if (data instanceof Float32Array) return "single";
  return data.constructor.name.replace("Array", "").toLowerCase();
}

function isMatrix(value: MatlabMatrix | MatlabStruct): value is MatlabMatrix {
  return ArrayBuffer.isView(value.data);
}

/** h5wasm writes no user block; a superblock of version 0 notes at 24 what addresses count from, at 40 the file's end. */
function withUserBlock(file: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(userBlock + file.length);
  const text = "MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Thu Jan  1 00:00:00 1970 HDF5 schema 1.00 .";
  bytes.write(text.padEnd(116), 0, "latin1");
  bytes.writeUInt16LE(0x0200, 124);
  bytes.write("IM", 126, "latin1");
  bytes.set(file, userBlock);
  bytes.writeBigUInt64LE(BigInt(userBlock), userBlock + 24);
  bytes.writeBigUInt64LE(BigInt(bytes.length), userBlock + 40);
  return new Uint8Array(bytes);
}

const userBlock = 512;
