import { drawSlice, sides } from "./drawn-files.ts";

/** Where the image lies, as in the brain tumours that J. Cheng published. */
export const matlabImage = "cjdata/image";

const userBlock = 512;

/**
 * A slice as MATLAB's `save(FILE, '-v7.3')` lays it down: HDF5 behind a user block, columns first, one chunk packed by deflate, the
 * class of each variable noted.
 */
export async function drawMatlab(number: number): Promise<Uint8Array> {
  const { File, ready } = await import("h5wasm");
  const { FS } = await ready;
  const path = "/drawn.mat";
  const side = sides.slice;
  const rows = drawSlice(side, number);
  const columns = Int16Array.from(rows, (_, at) => rows[(at % side) * side + Math.floor(at / side)]!);
  const file = new File(path, "w", { libver: ["earliest", "v108"] });
  const [folder = "", name = ""] = matlabImage.split("/");
  const structure = file.create_group(folder);
  structure.create_attribute("MATLAB_class", "struct", [], "A6");
  const image = structure.create_dataset({
    ...{ name, data: columns, shape: [side, side], chunks: [side, side] },
    ...{ compression: "gzip", compression_opts: 3 },
  });
  image.create_attribute("MATLAB_class", "int16", [], "A5");
  file.close();
  const written = FS.readFile(path);
  FS.unlink(path);
  return behindUserBlock(written);
}

/** A superblock of version 0 notes what addresses count from at 24, and the file's end at 40 (HDF5 File Format, II.A). */
function behindUserBlock(file: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(userBlock + file.length);
  bytes.write("MATLAB 7.3 MAT-file, Platform: GLNXA64 HDF5 schema 1.00 .".padEnd(124), "latin1");
  bytes.writeUInt16LE(0x0200, 124);
  bytes.write("IM", 126, "latin1");
  bytes.set(file, userBlock);
  bytes.writeBigUInt64LE(BigInt(userBlock), userBlock + 24);
  bytes.writeBigUInt64LE(BigInt(bytes.length), userBlock + 40);
  return bytes;
}
