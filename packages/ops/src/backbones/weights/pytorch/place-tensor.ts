import { allocateBytes } from "../weight-file.ts";
import { weightBytes, weightTypes, type StoredWeight } from "../weight-table.ts";
import { damagedWeights, shownName, unsupportedWeights } from "../weights-errors.ts";
import { gatherStrided, isContiguous, spanOf, swapBytes } from "./gather-strided.ts";
import type { PickleTensor } from "./pickle-values.ts";

/** Where a checkpoint keeps the bytes of a storage. */
export interface StoragePlace {
  /** Bytes at hand. */
  readonly bytes: number;
  /** Where they begin in the file; null where they are compressed. */
  readonly offset: number | null;
  /** A part of them, whether compressed or not. Offset in bytes from the storage's beginning. */
  readonly read: (offset: number, length: number) => Promise<Buffer>;
  readonly isBigEndian: boolean;
}

/**
 * Where a tensor's values lie: in place if they do so row by row, else `apart`, gathered when they are read.
 * @param name the tensor's, for messages
 * @throws OpError `weights-damaged` where it looks beyond its storage, or the storage has fewer bytes than it states;
 *   `weights-unsupported` where strides of 0 make more of few values than fits into memory
 */
export function placeTensor(file: string, name: string, tensor: PickleTensor, at: StoragePlace): StoredWeight {
  const { storage, shape } = tensor;
  const { type } = storage;
  const itemSize = weightTypes[type];
  const shown = `its tensor ${shownName(name)}`;
  if (storage.count * itemSize > at.bytes) {
    const problem = `${shown} needs a storage of ${storage.count * itemSize} bytes, of which ${at.bytes} are there`;
    throw damagedWeights(file, problem);
  }
  const { offset: viewOffset, count } = storage.view ?? { offset: 0, count: storage.count };
  const span = spanOf(tensor);
  if (span > 0 && tensor.offset + span > count) {
    throw damagedWeights(file, `${shown} looks beyond the ${count} values of its storage`);
  }
  const bytes = span === 0 ? 0 : weightBytes({ type, shape });
  if (bytes > Math.max(at.bytes, largestRepeat)) {
    throw unsupportedWeights(file, `${shown} repeats the values of its storage to ${bytes} bytes`);
  }
  const offset = span === 0 ? 0 : (viewOffset + tensor.offset) * itemSize;
  const isSwapped = at.isBigEndian && itemSize > 1;
  if (isContiguous(tensor) && at.offset !== null && !isSwapped) {
    return { type, shape, place: { kind: "file", path: 0, offset: at.offset + offset, bytes } };
  }
  const read = async (): Promise<Uint8Array> => {
    const source = await at.read(offset, span * itemSize);
    const values = isContiguous(tensor) ? source : allocateBytes(file, bytes);
    if (values !== source) gatherStrided(tensor, source, values, itemSize);
    if (isSwapped) swapBytes(values, itemSize);
    return values;
  };
  return { type, shape, place: { kind: "apart", read } };
}

/** Bytes to which strides of 0 may grow a small storage: expanded tensors occur, but they are small. */
const largestRepeat = 2 ** 28;
