/** What the first bytes of a NIfTI file say. */
export interface NiftiSignature {
  readonly version: 1 | 2;
  readonly isLittleEndian: boolean;
  /** The header of an `.hdr`/`.img` pair; else header and voxels lie in one file. */
  readonly isPair: boolean;
}

/**
 * Null where the bytes are no NIfTI header. The length of the header stands first and tells the byte order; the magic
 * stands last in NIfTI-1 and second in NIfTI-2.
 */
export function findNiftiSignature(bytes: Uint8Array): NiftiSignature | null {
  for (const { version, headerLength, magicAt } of versions) {
    if (bytes.length < magicAt + 4) continue;
    const isLittleEndian = beginsInOrder(bytes, headerLength, true);
    if (!isLittleEndian && !beginsInOrder(bytes, headerLength, false)) continue;
    const magic = String.fromCharCode(...bytes.subarray(magicAt, magicAt + 4));
    if (magic === `n+${version}\0`) return { version, isLittleEndian, isPair: false };
    if (magic === `ni${version}\0`) return { version, isLittleEndian, isPair: true };
  }
  return null;
}

const versions = [
  { version: 1, headerLength: 348, magicAt: 344 },
  { version: 2, headerLength: 540, magicAt: 4 },
] as const;

/** True where a whole number stands first, in either byte order. */
export function beginsWith(bytes: Uint8Array, whole: number): boolean {
  return beginsInOrder(bytes, whole, true) || beginsInOrder(bytes, whole, false);
}

function beginsInOrder(bytes: Uint8Array, whole: number, isLittleEndian: boolean): boolean {
  return bytes.length >= 4 && viewOf(bytes).getInt32(0, isLittleEndian) === whole;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
