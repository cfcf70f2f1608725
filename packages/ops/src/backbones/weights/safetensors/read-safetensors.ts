import { isRecord, parseJsonObject } from "../json-object.ts";
import type { WeightFile } from "../weight-file.ts";
import { weightBytes, type StoredWeight, type WeightTable, type WeightType } from "../weight-table.ts";
import { damagedWeights, shownName, unsupportedWeights } from "../weights-errors.ts";

/** Bytes of a header. Source: MAX_HEADER_SIZE of huggingface/safetensors. */
export const largestHeader = 100_000_000;

/**
 * The tensors of a safetensors file, from its header alone: 8 bytes of its length (little-endian), then JSON.
 * The data have to be without gaps and overlaps from the header's end to the file's.
 * Source: the format's description at huggingface/safetensors, "Format".
 * @throws OpError `weights-damaged`, `weights-unsupported` (an element type that we do not read), naming file and tensor
 */
export async function readSafetensors(file: WeightFile): Promise<WeightTable> {
  const { name, path, size } = file;
  if (size < 8) throw damagedWeights(name, "it ends before its header");
  // Exact up to 2^53, and what is larger stays too large.
  const headerLength = Number((await file.read(0, 8)).readBigUInt64LE());
  if (headerLength > largestHeader) {
    throw damagedWeights(name, `its header would be ${headerLength} bytes long; at most ${largestHeader} are allowed`);
  }
  const start = 8 + headerLength;
  if (start > size) throw damagedWeights(name, `its header of ${headerLength} bytes goes beyond its ${size} bytes`);
  const header = parseJsonObject(name, await file.read(8, headerLength), "its header");
  const tensors = Object.entries(header).filter(([key]) => key !== "__metadata__");
  const parsed = tensors.map(([tensor, entry]) => parseEntry(name, tensor, entry));
  requireGapless(name, parsed, size - start);
  const weights = parsed.map(({ tensor, type, shape, begin, end }): [string, StoredWeight] => {
    return [tensor, { type, shape, place: { kind: "file", path: 0, offset: start + begin, bytes: end - begin } }];
  });
  return { file: name, paths: [path], weights: new Map(weights) };
}

interface Entry extends Pick<StoredWeight, "type" | "shape"> {
  readonly tensor: string;
  /** Bytes from where data begin. */
  readonly begin: number;
  readonly end: number;
}

function parseEntry(file: string, tensor: string, entry: unknown): Entry {
  const { dtype, shape, data_offsets: place } = isRecord(entry) ? entry : {};
  if (typeof dtype !== "string" || !isShape(shape) || !areCounts(place) || place.length !== 2) {
    throw damagedWeights(file, `its header does not say what the tensor ${shownName(tensor)} is`);
  }
  const type = types.get(dtype);
  if (type === undefined) {
    throw unsupportedWeights(file, `the tensor ${shownName(tensor)} is of type ${shownName(dtype)}, which is not read`);
  }
  const [begin, end] = place as [number, number];
  const bytes = weightBytes({ type, shape });
  if (end - begin !== bytes) {
    const said = `the tensor ${shownName(tensor)} takes the bytes ${begin} to ${end}`;
    throw damagedWeights(file, `${said}, where ${dtype} of shape [${shape.join(", ")}] needs ${bytes}`);
  }
  return { tensor, type, shape, begin, end };
}

function requireGapless(file: string, entries: readonly Entry[], dataLength: number): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    const tensor = shownName(entry.tensor);
    if (entry.begin < end) throw damagedWeights(file, `the tensor ${tensor} overlaps the one before it`);
    if (entry.begin > end) throw damagedWeights(file, `there is a gap before the tensor ${tensor}`);
    if (entry.end > dataLength) throw damagedWeights(file, `it ends inside or before the tensor ${tensor}`);
    end = entry.end;
  }
  if (end !== dataLength) throw damagedWeights(file, `${dataLength - end} bytes follow its last tensor`);
}

/** At most as many axes as PyTorch allows. */
function isShape(value: unknown): value is readonly number[] {
  return areCounts(value) && value.length <= 64;
}

function areCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && Number(each) >= 0);
}

const types: ReadonlyMap<string, WeightType> = new Map([
  ["F64", "float64"],
  ["F32", "float32"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
  ["I64", "int64"],
  ["I32", "int32"],
  ["I16", "int16"],
  ["I8", "int8"],
  ["U8", "uint8"],
  ["BOOL", "bool"],
]);
