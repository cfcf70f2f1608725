import { requireHash } from "../store-arguments.ts";
import { hashToBlob } from "./entry-check.ts";

/** What a shard says of its rows: whose they are, and a check over the values of each. */
export interface ShardHeader {
  readonly rowCount: number;
  /** Eight words per row: the digest of its example. */
  readonly digests: Uint32Array;
  /** Two words per row; see `checkRows`. */
  readonly checks: Uint32Array;
}

/** Per row 32 bytes of digest; then per row 8 bytes of check. */
const bytesPerRow = 40;

export function packHeader(examples: readonly string[], checks: Uint32Array): Buffer {
  return Buffer.concat([...examples.map(hashToBlob), bytesOf(checks)]);
}

export function parseHeader(packed: Buffer): ShardHeader {
  const rowCount = Math.floor(packed.length / bytesPerRow);
  const words = wordsOf(packed);
  return { rowCount, digests: words.subarray(0, rowCount * 8), checks: words.subarray(rowCount * 8) };
}

/** The digests of examples as words, eight each, to be looked up. @throws Error where one is no digest */
export function packDigests(examples: readonly string[]): Uint32Array {
  const packed = Buffer.alloc(examples.length * 32);
  examples.forEach((example, index) => {
    if (example.length !== 64 || packed.write(example, index * 32, "hex") !== 32) requireHash(example);
  });
  return wordsOf(packed);
}

export function exampleAt(header: ShardHeader, position: number): string {
  return Buffer.from(bytesOf(header.digests.slice(position * 8, position * 8 + 8))).toString("hex");
}

/** Compares eight words from `a[aStart]` with eight from `b[bStart]`. */
export function isSameDigest(a: Uint32Array, aStart: number, b: Uint32Array, bStart: number): boolean {
  for (let word = 0; word < 8; word++) if (a[aStart + word] !== b[bStart + word]) return false;
  return true;
}

export function bytesOf(values: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The words of bytes that may begin at any address. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / 4));
}
