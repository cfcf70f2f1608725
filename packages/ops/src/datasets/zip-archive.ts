import { open, type FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { OpError, refuse } from "../op-error.ts";
import { errorCode } from "./file-images.ts";
import { shownName } from "./printable-name.ts";

/** What a zip file holds, read entry by entry. */
export interface ZipEntries {
  readonly names: readonly string[];
  /** @throws OpError `zip-damaged` where the bytes are cut short or their checksum is wrong */
  read(name: string): Promise<Uint8Array>;
}

/** An opened zip file: a large one never lies in memory whole. */
export interface ZipArchive extends ZipEntries {
  close(): Promise<void>;
}

/** Limits on hostile archives. */
export const zipLimits = {
  entries: 256,
  /** An entry may be this many times larger than its compressed bytes, once it is larger than `ratioFrom` bytes. */
  ratio: 200,
  ratioFrom: 16 * 1024 * 1024,
} as const;

/**
 * Reads the directory of a zip file. Entries are stored or deflated; checksums are verified on reading.
 * @param file how messages call the archive
 * @param expectedSize bytes up to which an entry may grow as it likes, since that is what the archive is known to hold
 * @throws OpError `zip-damaged`, `zip-unsupported` (encrypted, zip64, another compression) or `zip-too-large`
 */
export async function openZip(path: string, file: string, expectedSize = 0): Promise<ZipArchive> {
  const unreadable = (error: unknown): never => {
    throw new OpError("file-unreadable", `The file ${file} cannot be read (${errorCode(error)}).`, `Check ${path}.`);
  };
  const handle = await open(path, "r").catch(unreadable);
  try {
    const freeSize = Math.max(expectedSize, zipLimits.ratioFrom);
    const { size } = await handle.stat();
    const read = async (start: number, end: number) =>
      (await readHandle(handle, start, end).catch(unreadable)) ?? refuse(damaged(file, "it ended while it was read"));
    return { ...(await openSource({ read, size, file, freeSize })), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * As `openZip`, of a zip file that lies in memory.
 * @param bytes are kept, and stored entries are views of them: they must not change
 */
export function openZipBytes(bytes: Uint8Array, file: string): Promise<ZipEntries> {
  const read = (start: number, end: number) => Promise.resolve(bytes.subarray(start, end));
  return openSource({ read, size: bytes.length, file, freeSize: zipLimits.ratioFrom });
}

interface ZipSource {
  /** Of a range that lies within the file. */
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
  readonly size: number;
  readonly file: string;
  /** Bytes up to which it does not matter how much an entry grows. */
  readonly freeSize: number;
}

interface ZipEntry {
  readonly method: number;
  readonly checksum: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where the entry's local header begins. */
  readonly offset: number;
}

const inflate = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(inflateRaw);
const endRecordLength = 22;
const localHeaderLength = 30;
const directoryHeaderLength = 46;

async function openSource(source: ZipSource): Promise<ZipEntries> {
  const entries = parseDirectory(source, await readDirectory(source));
  return { names: [...entries.keys()], read: (name) => readEntry(source, name, entries.get(name)) };
}

async function readDirectory(source: ZipSource): Promise<DataView> {
  // The end record is the file's last, but for a comment of up to 65535 bytes.
  const tail = await readRange(source, Math.max(0, source.size - endRecordLength - 0xffff), source.size);
  let end = tail.byteLength - endRecordLength;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw damaged(source.file, "it has no zip directory, as if it were cut short");
  const entries = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const offset = tail.getUint32(end + 16, true);
  if (entries === 0xffff || offset === 0xffffffff) throw unsupported(source.file, "its directory is in zip64 form");
  if (entries > zipLimits.entries) {
    const limit = String(zipLimits.entries);
    throw new OpError("zip-too-large", `${source.file} holds ${String(entries)} entries; at most ${limit} are read.`);
  }
  return readRange(source, offset, offset + size);
}

function parseDirectory(source: ZipSource, directory: DataView): ReadonlyMap<string, ZipEntry> {
  const { file } = source;
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  while (at < directory.byteLength) {
    if (at + directoryHeaderLength > directory.byteLength || directory.getUint32(at, true) !== 0x02014b50) {
      throw damaged(file, "its zip directory is garbled");
    }
    const nameStart = at + directoryHeaderLength;
    const nameEnd = nameStart + directory.getUint16(at + 28, true);
    if (nameEnd > directory.byteLength) throw damaged(file, "its zip directory is garbled");
    const name = new TextDecoder().decode(
      new Uint8Array(directory.buffer, directory.byteOffset + nameStart, nameEnd - nameStart),
    );
    if (entries.has(name)) throw damaged(file, `it holds two entries named ${shownName(name)}`);
    const isEncrypted = (directory.getUint16(at + 8, true) & 1) === 1;
    const entry: ZipEntry = {
      method: directory.getUint16(at + 10, true),
      checksum: directory.getUint32(at + 16, true),
      compressedSize: directory.getUint32(at + 20, true),
      size: directory.getUint32(at + 24, true),
      offset: directory.getUint32(at + 42, true),
    };
    refuseEntry(source, shownName(name), entry, isEncrypted);
    entries.set(name, entry);
    at = nameEnd + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
  }
  return entries;
}

function refuseEntry({ file, freeSize }: ZipSource, name: string, entry: ZipEntry, isEncrypted: boolean): void {
  const { method, size, compressedSize, offset } = entry;
  if (isEncrypted) throw unsupported(file, `its entry ${name} is encrypted`);
  if (method !== 0 && method !== 8)
    throw unsupported(file, `its entry ${name} is compressed by method ${String(method)}`);
  if ([size, compressedSize, offset].includes(0xffffffff))
    throw unsupported(file, `its entry ${name} has 4 GB or more`);
  if (size > freeSize && size > zipLimits.ratio * compressedSize) {
    throw new OpError(
      "zip-too-large",
      `${file} is refused: its entry ${name} grows from ${String(compressedSize)} to ${String(size)} bytes.`,
      `An entry may grow ${String(zipLimits.ratio)}-fold; save the arrays without compression (\`numpy.savez\`).`,
    );
  }
}

async function readEntry(source: ZipSource, name: string, entry: ZipEntry | undefined): Promise<Uint8Array> {
  if (entry === undefined) throw new Error(`${source.file} has no entry ${name}.`);
  const shown = shownName(name);
  const header = await readRange(source, entry.offset, entry.offset + localHeaderLength);
  if (header.getUint32(0, true) !== 0x04034b50)
    throw damaged(source.file, `its entry ${shown} does not begin where it should`);
  const start = entry.offset + localHeaderLength + header.getUint16(26, true) + header.getUint16(28, true);
  const stored = await readRange(source, start, start + entry.compressedSize);
  const compressed = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  const bytes = entry.method === 0 ? compressed : await inflateEntry(source.file, shown, compressed, entry.size);
  if (bytes.length !== entry.size || crc32(bytes) !== entry.checksum) {
    throw damaged(source.file, `the checksum of its entry ${shown} is wrong`);
  }
  return bytes;
}

async function inflateEntry(file: string, name: string, bytes: Uint8Array, size: number): Promise<Uint8Array> {
  try {
    return await inflate(bytes, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw damaged(file, `its entry ${name} cannot be unpacked (${errorCode(error)})`);
  }
}

async function readRange({ read, size, file }: ZipSource, start: number, end: number): Promise<DataView> {
  if (end > size) throw damaged(file, "it is shorter than its zip directory says");
  const bytes = await read(start, end);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Null where the file ends before that. */
async function readHandle(handle: FileHandle, start: number, end: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) return null;
    filled += bytesRead;
  }
  return bytes;
}

function damaged(file: string, problem: string): OpError {
  return new OpError("zip-damaged", `${file} cannot be read: ${problem}.`, "Fetch the file again.");
}

function unsupported(file: string, problem: string): OpError {
  return new OpError("zip-unsupported", `${file} cannot be read: ${problem}.`, "Save it again by `numpy.savez`.");
}
