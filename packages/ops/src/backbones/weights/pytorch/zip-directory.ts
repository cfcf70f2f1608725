import type { WeightFile } from "../weight-file.ts";
import { damagedWeights, shownName, unsupportedWeights } from "../weights-errors.ts";
import { findDirectory } from "./zip-end-record.ts";

/** One entry of a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly isDeflated: boolean;
  /** Bytes in the archive. */
  readonly compressedSize: number;
  /** Bytes after unpacking. */
  readonly size: number;
  /** CRC-32 of these; 0 where it was not computed, as PyTorch allows. */
  readonly checksum: number;
  /** Where its data begin in the file. */
  readonly offset: number;
}

/**
 * The entries of a zip archive (zip64 too) and where their data begin, by name, in the order of the directory.
 * Own code, since PyTorch's storages are used in place: fflate wants the whole archive in memory, and yauzl gives streams, no
 * places. What two readers could see differently is refused: overlaps, names given twice, headers that disagree.
 * Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
 * @throws OpError `weights-damaged`, `weights-unsupported` (encrypted, another compression), naming file and entry
 */
export async function readZipDirectory(file: WeightFile): Promise<ReadonlyMap<string, ZipEntry>> {
  const { offset, size, count } = await findDirectory(file);
  const listed = parseDirectory(file.name, await file.read(offset, size));
  if (listed.length !== count)
    throw damagedWeights(file.name, `its directory has not the ${count} entries that it states`);
  // In the order of their places, so that each has to end before the next begins.
  let end = 0;
  const entries = new Map<string, ZipEntry>(listed.map((entry) => [entry.name, { ...entry, offset: 0 }]));
  for (const entry of listed.toSorted((a, b) => a.headerOffset - b.headerOffset)) {
    if (entry.headerOffset < end)
      throw damagedWeights(file.name, `its entry ${shownName(entry.name)} overlaps another`);
    const start = await findData(file, entry, offset);
    end = start + entry.compressedSize;
    if (end > offset)
      throw damagedWeights(file.name, `its entry ${shownName(entry.name)} goes beyond the archive's data`);
    entries.set(entry.name, { ...entry, offset: start });
  }
  return entries;
}

interface ListedEntry extends Omit<ZipEntry, "offset"> {
  readonly nameBytes: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly headerOffset: number;
}

const directoryHeaderLength = 46;
const localHeaderLength = 30;

function parseDirectory(file: string, directory: Buffer): readonly ListedEntry[] {
  const entries: ListedEntry[] = [];
  const names = new Set<string>();
  let at = 0;
  while (at < directory.length) {
    if (at + directoryHeaderLength > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw garbled(file);
    const nameEnd = at + directoryHeaderLength + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const next = extraEnd + directory.readUInt16LE(at + 32);
    if (next > directory.length) throw garbled(file);
    const nameBytes = directory.subarray(at + directoryHeaderLength, nameEnd);
    const name = new TextDecoder().decode(nameBytes);
    const [size, compressedSize, headerOffset] =
      widen(
        [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)],
        directory.subarray(nameEnd, extraEnd),
      ) ?? [];
    if (size === undefined || compressedSize === undefined || headerOffset === undefined) throw garbled(file);
    const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
    const checksum = directory.readUInt32LE(at + 16);
    const entry = {
      name,
      nameBytes,
      flags,
      method,
      isDeflated: method === 8,
      checksum,
      size,
      compressedSize,
      headerOffset,
    };
    refuseEntry(file, entry);
    if (names.has(name)) throw damagedWeights(file, `it has two entries named ${shownName(name)}`);
    names.add(name);
    entries.push(entry);
    at = next;
  }
  return entries;
}

/** Sizes of 4 GB and more stand in the extra field 1, in this order and only where the 32 bits are all ones. */
function widen(values: readonly number[], extra: Buffer): readonly number[] | null {
  let place = 0;
  while (place + 4 <= extra.length && extra.readUInt16LE(place) !== 1) place += 4 + extra.readUInt16LE(place + 2);
  const wide = place + 4 <= extra.length ? extra.subarray(place + 4, place + 4 + extra.readUInt16LE(place + 2)) : null;
  let used = 0;
  const widened: number[] = [];
  for (const value of values) {
    if (value !== 0xffffffff) {
      widened.push(value);
      continue;
    }
    if (wide === null || used + 8 > wide.length) return null;
    widened.push(Number(wide.readBigUInt64LE(used)));
    used += 8;
  }
  return widened.every(Number.isSafeInteger) ? widened : null;
}

function refuseEntry(file: string, { name, flags, method, size, compressedSize }: ListedEntry): void {
  const shown = shownName(name);
  if (/^[/\\]|^[a-z]:|\0/i.test(name) || name.split(/[/\\]/).includes("..")) {
    throw damagedWeights(file, `its entry "${shown}" leads out of the archive's folder`);
  }
  if ((flags & 1) === 1) throw unsupportedWeights(file, `its entry ${shown} is encrypted`);
  if (method !== 0 && method !== 8)
    throw unsupportedWeights(file, `its entry ${shown} is compressed by method ${method}`);
  if (method === 0 && size !== compressedSize) throw damagedWeights(file, `its entry ${shown} states two sizes`);
  // Deflate cannot do better than 258 bytes in 2 bits.
  if (size > largestDeflateRatio * compressedSize) {
    throw damagedWeights(file, `its entry ${shown} would grow from ${compressedSize} to ${size} bytes`);
  }
}

const largestDeflateRatio = 1032;

/** The local header decides where data begin, and has to agree with the directory on everything else. */
async function findData(file: WeightFile, entry: ListedEntry, limit: number): Promise<number> {
  const problem = `its entry ${shownName(entry.name)} does not begin where its directory says`;
  const nameStart = entry.headerOffset + localHeaderLength;
  if (nameStart + entry.nameBytes.length > limit) throw damagedWeights(file.name, problem);
  const header = await file.read(entry.headerOffset, localHeaderLength + entry.nameBytes.length);
  const hasSizes = (entry.flags & dataDescriptorFollows) === 0;
  const agrees =
    header.readUInt32LE(0) === 0x04034b50 &&
    header.readUInt16LE(6) === entry.flags &&
    header.readUInt16LE(8) === entry.method &&
    header.readUInt16LE(26) === entry.nameBytes.length &&
    header.subarray(localHeaderLength).equals(entry.nameBytes) &&
    (!hasSizes ||
      (isSize(header.readUInt32LE(18), entry.compressedSize) && isSize(header.readUInt32LE(22), entry.size)));
  if (!agrees) throw damagedWeights(file.name, problem);
  return nameStart + entry.nameBytes.length + header.readUInt16LE(28);
}

/** A flag: sizes come after the data, and their fields in the local header may be 0. */
const dataDescriptorFollows = 8;

function isSize(narrow: number, size: number): boolean {
  return narrow === 0xffffffff || narrow === size;
}

function garbled(file: string): Error {
  return damagedWeights(file, "its zip directory is garbled");
}
