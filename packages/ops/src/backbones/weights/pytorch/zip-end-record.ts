import type { WeightFile } from "../weight-file.ts";
import { damagedWeights, unsupportedWeights } from "../weights-errors.ts";

/** Where the directory of a zip archive lies. */
export interface ZipDirectoryPlace {
  readonly offset: number;
  readonly size: number;
  /** Entries that it states. */
  readonly count: number;
}

/** Limits on hostile archives; a checkpoint of 100,000 tensors has a directory of about 10 MB. */
export const zipLimits = { entries: 200_000, directoryBytes: 2 ** 26 } as const;

const endLength = 22;
const locatorLength = 20;
const wideEndLength = 56;

/**
 * Finds a zip archive's directory by the records at its end, in zip64 form where there is one. The directory has to end
 * where these records begin: whatever is put before or between would make offsets mean two things.
 * @throws OpError `weights-damaged`, `weights-unsupported` (too large)
 */
export async function findDirectory(file: WeightFile): Promise<ZipDirectoryPlace> {
  const { name, size: fileSize } = file;
  const tailStart = Math.max(0, fileSize - endLength - 0xffff - locatorLength);
  const tail = await file.read(tailStart, fileSize - tailStart);
  const end = findEnd(tail);
  if (end === null) throw damagedWeights(name, "it has no zip directory at its end, as if it were cut short");
  const narrow = {
    count: tail.readUInt16LE(end + 10),
    size: tail.readUInt32LE(end + 12),
    offset: tail.readUInt32LE(end + 16),
  };
  const locator = end - locatorLength;
  const isWide = locator >= 0 && tail.readUInt32LE(locator) === 0x07064b50;
  const wide = isWide ? await readWideEnd(file, tail.subarray(locator, end), tailStart + locator) : null;
  const place = wide ?? narrow;
  const endsAt = wide ? wide.at : tailStart + end;
  // The older record either says the same or, by all ones, that the newer one has to be asked.
  const agrees =
    wide === null ||
    ((narrow.count === 0xffff || narrow.count === place.count) &&
      (narrow.size === 0xffffffff || narrow.size === place.size) &&
      (narrow.offset === 0xffffffff || narrow.offset === place.offset));
  if (!agrees || place.offset + place.size !== endsAt) {
    throw damagedWeights(name, "its zip directory does not lie where it says");
  }
  if (place.count > zipLimits.entries || place.size > zipLimits.directoryBytes) {
    throw unsupportedWeights(name, `its zip directory is too large (${place.count} entries, ${place.size} bytes)`);
  }
  return place;
}

/** The end record is the file's last, but for a comment whose length it states. */
function findEnd(tail: Buffer): number | null {
  for (let at = tail.length - endLength; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === 0x06054b50 && at + endLength + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return null;
}

async function readWideEnd(
  file: WeightFile,
  locator: Buffer,
  locatorAt: number,
): Promise<ZipDirectoryPlace & { readonly at: number }> {
  const at = Number(locator.readBigUInt64LE(8));
  if (at + wideEndLength > locatorAt) throw damagedWeights(file.name, "its zip64 record does not lie where it says");
  const record = await file.read(at, wideEndLength);
  if (record.readUInt32LE(0) !== 0x06064b50) throw damagedWeights(file.name, "its zip64 record is garbled");
  const [count, size, offset] = [32, 40, 48].map((field) => Number(record.readBigUInt64LE(field)));
  return { at, count: count!, size: size!, offset: offset! };
}
