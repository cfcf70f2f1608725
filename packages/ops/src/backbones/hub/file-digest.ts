import { createHash, type Hash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";

/** The SHA-256 of a file, 64 hex digits. @param signal ends the reading by an `AbortError` */
export async function sha256OfFile(path: string, signal: AbortSignal | null = null): Promise<string> {
  const handle = await open(path);
  try {
    return await digestOfOpenFile(handle, "sha256", signal);
  } finally {
    await handle.close();
  }
}

/** What the bytes of a file must come to. */
export interface ExpectedDigest {
  /** `git`: the SHA-1 of a blob in git, which is what the hub names small files by. */
  readonly kind: "sha256" | "git";
  /** All hex digits in lower case, or the first ones. */
  readonly hex: string;
}

/** What an ETag of the hub says of the bytes; null for those of mirrors that name files otherwise. */
export function digestOfEtag(etag: string): ExpectedDigest | null {
  if (/^[0-9a-f]{64}$/.test(etag)) return { kind: "sha256", hex: etag };
  return /^[0-9a-f]{40}$/.test(etag) ? { kind: "git", hex: etag } : null;
}

/** All hex digits of the digest of an open file, read from its beginning. */
export async function digestOfOpenFile(
  handle: FileHandle,
  kind: ExpectedDigest["kind"],
  signal: AbortSignal | null,
): Promise<string> {
  const { size } = await handle.stat();
  const hash = startHash(kind, size);
  const chunk = Buffer.alloc(1 << 20);
  for (let position = 0; position < size;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
  return hash.digest("hex");
}

/** The same of bytes in memory. */
export function digestOfBytes(bytes: Uint8Array, kind: ExpectedDigest["kind"]): string {
  return startHash(kind, bytes.length).update(bytes).digest("hex");
}

/** What git hashes begins with the length. */
function startHash(kind: ExpectedDigest["kind"], bytes: number): Hash {
  return kind === "sha256" ? createHash("sha256") : createHash("sha1").update(`blob ${bytes}\0`);
}
