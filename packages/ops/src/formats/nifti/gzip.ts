import { constants, createGunzip, gunzipSync } from "node:zlib";
import { damagedNifti } from "./nifti-errors.ts";

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === deflate;
}

/** The only method of RFC 1952. An image of a pair has no mark of its own, and may begin as gzip does. */
const deflate = 8;

/**
 * The first bytes of what is packed, at least as many as a NIfTI header has where they are there; empty where they cannot
 * be unpacked. Takes at most 4 MB, whatever the file claims.
 */
export function gzipStart(packed: Uint8Array): Uint8Array {
  try {
    // Without the checksum at the end: whoever reads all of the file sees to that.
    return gunzipSync(packed.subarray(0, Math.max(0, Math.min(startLength, packed.length - 8))), {
      finishFlush: constants.Z_SYNC_FLUSH,
    });
  } catch {
    return new Uint8Array();
  }
}

/** Holds a header of 540 bytes even where nothing was compressed and gzip's own header has a long name. */
const startLength = 4096;

/** Deflate spends at least two bits on every 258 bytes (RFC 1951). */
export const mostGrowth = 1032;

/**
 * Unpacks the first `length` bytes, and reads on to the end, where the checksum stands.
 *
 * What goes far beyond `length` is not unpacked. The limit on growth of zip archives would be wrong here: masks, which
 * are nearly all zero, grow several hundredfold.
 * @param length at most `mostGrowth` times the packed bytes, so that no claim of a header takes more memory than they could fill
 * @param trailing how many bytes after those are let pass
 * @throws OpError `image-damaged` where the bytes are cut short, corrupt, or not as many as the header claims
 */
export async function gunzipTo(
  packed: Uint8Array,
  length: number,
  trailing: number,
  name: string,
): Promise<Uint8Array> {
  const unpacked = new Uint8Array(length);
  let count = 0;
  for await (const chunk of gunzipChunks(packed, name)) {
    if (count < length) unpacked.set(chunk.subarray(0, length - count), count);
    count += chunk.length;
    if (count > length + trailing) throw tooLong(name, length);
  }
  if (count < length) throw tooShort(name, length);
  return unpacked;
}

async function* gunzipChunks(packed: Uint8Array, name: string): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: 256 * 1024 });
  stream.end(packed);
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "no reason given";
    throw damagedNifti(name, `it cannot be unpacked (${reason}), as if it were cut short or changed`);
  } finally {
    stream.destroy();
  }
}

function tooShort(name: string, length: number): Error {
  return damagedNifti(name, `its header promises ${length} bytes, and fewer are there`);
}

function tooLong(name: string, length: number): Error {
  return damagedNifti(name, `its header promises ${length} bytes, and it goes on after them`);
}
