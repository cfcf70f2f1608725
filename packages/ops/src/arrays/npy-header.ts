import { OpError } from "../op-error.ts";

/** The parts of a `.npy` file, before anything is said of its element type. */
export interface NpyParts {
  /** The element type as NumPy writes it, e.g. `<f4`. */
  readonly type: string;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** What follows the header, whatever its length. */
  readonly values: Uint8Array;
}

/**
 * Takes a `.npy` file apart: versions 1 to 3 of the format (NumPy's NEP 1).
 * @param name how messages call the array
 * @throws OpError `npy-damaged` or `npy-unsupported` (another version, records)
 */
export function takeNpyApart(name: string, bytes: Uint8Array): NpyParts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  if (bytes.length < 12 || !hasMagic(bytes)) throw damagedNpy(name, "it is no .npy array");
  if (major !== 1 && major !== 2 && major !== 3) throw unsupportedNpy(name, `it is of format version ${String(major)}`);
  const headerStart = major === 1 ? 10 : 12;
  const headerEnd = headerStart + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (headerEnd > bytes.length) throw damagedNpy(name, "it ends inside its header");
  const header = new TextDecoder("latin1").decode(bytes.subarray(headerStart, headerEnd));
  return { ...parseHeader(name, header), values: bytes.subarray(headerEnd) };
}

/** @throws OpError `npy-damaged` where the values are not as many bytes as the shape needs */
export function requireNpyLength(name: string, { shape, values }: NpyParts, itemSize: number): void {
  const expected = shape.reduce((product, side) => product * side, itemSize);
  if (values.length === expected) return;
  const sizes = `${String(values.length)} bytes where shape (${shape.join(", ")}) needs ${String(expected)}`;
  throw damagedNpy(name, `it has ${sizes}`);
}

export function damagedNpy(name: string, problem: string): OpError {
  return new OpError("npy-damaged", `The array ${name} cannot be read: ${problem}.`, "Fetch or save the file again.");
}

/** @param hint what to save in its place */
export function unsupportedNpy(name: string, problem: string, hint = saveWholeNumbers): OpError {
  return new OpError("npy-unsupported", `The array ${name} cannot be read: ${problem}.`, hint);
}

const saveWholeNumbers =
  "Save it as whole numbers in C order (`numpy.ascontiguousarray`), 8 or 16 bits for images: bring values of 0 to 1 to 0 to 255 and round them first.";

/** The header is a Python dictionary with exactly these keys. */
function parseHeader(name: string, header: string): Omit<NpyParts, "values"> {
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (/'descr':\s*\[/.test(header)) throw unsupportedNpy(name, "its elements are records");
  if (type === undefined || order === undefined || shape === undefined) {
    throw damagedNpy(name, "its header is garbled");
  }
  const sides = shape.split(",").filter((side) => side.trim() !== "");
  return { type, isFortran: order === "True", shape: sides.map(Number) };
}

function hasMagic(bytes: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, index) => bytes[index] === byte);
}
