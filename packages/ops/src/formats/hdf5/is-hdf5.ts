/**
 * True for HDF5 files, also behind a user block, as MATLAB's version 7.3 writes them.
 * Source: HDF5 File Format Specification, section II.A: the signature stands at 0, 512, 1024, 2048, ...
 */
export function isHdf5(bytes: Uint8Array): boolean {
  return findSuperblock(bytes) !== null;
}

/** Where the file's superblock begins, which is the length of its user block; null where there is none. */
export function findSuperblock(bytes: Uint8Array): number | null {
  for (let start = 0; start + signature.length <= bytes.length; start = start === 0 ? 512 : 2 * start) {
    if (signature.every((byte, index) => bytes[start + index] === byte)) return start;
  }
  return null;
}

/**
 * The version of MATLAB's `save` that a file's header names: 5 (MATLAB 5 to 7.2, a format of its own) or 7.3 (HDF5
 * behind 512 bytes of user block). Null for other files; MATLAB 4 has no header.
 * Source: MathWorks, "MAT-File Format", Level 5 MAT-File Header Format.
 */
export function matlabVersion(bytes: Uint8Array): "5" | "7.3" | null {
  if (bytes.length < headerLength) return null;
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 19));
  const endian = new TextDecoder("latin1").decode(bytes.subarray(126, headerLength));
  if (!text.startsWith("MATLAB ") || (endian !== "IM" && endian !== "MI")) return null;
  return text.startsWith("MATLAB 7.3") ? "7.3" : "5";
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const headerLength = 128;
