/** The coded bits of a scan (ISO/IEC 14495-1 A.1: a bit of 0 is put in behind every 0xff). */
export interface BitReader {
  readonly data: Uint8Array;
  at: number;
  /** The next bits, the first of them the highest of 32. */
  cache: number;
  /** How many bits of the cache are there. */
  filled: number;
  /** More was asked for than there is: what was read since is made up. */
  isExhausted: boolean;
}

export function bitReader(data: Uint8Array): BitReader {
  return { data, at: 0, cache: 0, filled: 0, isExhausted: false };
}

/** At most 24 bits, as a number. */
export function readBits(reader: BitReader, count: number): number {
  if (count === 0) return 0;
  if (reader.filled < count && !fill(reader, count)) return 0;
  const bits = reader.cache >>> (32 - count);
  reader.cache <<= count;
  reader.filled -= count;
  return bits;
}

/** The number of zeros before the next one, which is read too; where there are more than the limit, the data are garbled. */
export function readZeros(reader: BitReader, limit: number): number {
  let zeros = 0;
  while (reader.cache === 0) {
    zeros += reader.filled;
    reader.filled = 0;
    if (zeros > limit || !fill(reader, 1)) {
      reader.isExhausted = true;
      return 0;
    }
  }
  const leading = Math.clz32(reader.cache);
  // By 32 at once, nothing would be shifted.
  reader.cache = (reader.cache << leading) << 1;
  reader.filled -= leading + 1;
  return zeros + leading;
}

function fill(reader: BitReader, needed: number): boolean {
  const { data } = reader;
  while (reader.filled <= 24 && reader.at < data.length) {
    const width = reader.at > 0 && data[reader.at - 1] === 0xff ? 7 : 8;
    reader.cache |= data[reader.at]! << (32 - reader.filled - width);
    reader.filled += width;
    reader.at++;
  }
  const hasEnough = reader.filled >= needed;
  if (!hasEnough) reader.isExhausted = true;
  return hasEnough;
}
