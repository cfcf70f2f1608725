import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import type { WeightFile } from "../weight-file.ts";
import { damagedWeights, shownName, unsupportedWeights } from "../weights-errors.ts";
import type { ZipEntry } from "./zip-directory.ts";

const inflate = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(inflateRaw);

/**
 * An entry's bytes, unpacked. The checksum is verified where there is one.
 * @param limit bytes; what states more is refused before it is read
 * @throws OpError `weights-damaged`, `weights-unsupported` (larger than the limit), `weights-unreadable`
 */
export async function readZipEntry(file: WeightFile, entry: ZipEntry, limit: number): Promise<Buffer> {
  const shown = shownName(entry.name);
  if (entry.size > limit) throw unsupportedWeights(file.name, `its entry ${shown} of ${entry.size} bytes is too large`);
  const stored = await file.read(entry.offset, entry.compressedSize);
  const bytes = entry.isDeflated ? await unpack(file.name, shown, stored, entry.size) : stored;
  const isWhole = bytes.length === entry.size && (entry.checksum === 0 || crc32(bytes) === entry.checksum);
  if (!isWhole) throw damagedWeights(file.name, `the checksum of its entry ${shown} is wrong`);
  return bytes;
}

/** An entry that grows beyond what it states is ended there. */
async function unpack(file: string, shown: string, bytes: Buffer, size: number): Promise<Buffer> {
  try {
    return await inflate(bytes, { maxOutputLength: Math.max(size, 1) });
  } catch {
    throw damagedWeights(file, `its entry ${shown} cannot be unpacked`);
  }
}
