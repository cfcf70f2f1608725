import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** What a test writes: a NIfTI-1 file whose stored axes are the canonical ones (x to the right, y to anterior, z to superior). */
export interface WrittenVolume {
  /** Three sides, or four. */
  readonly shape: readonly number[];
  /** x fastest. */
  readonly values: Int16Array | Float32Array;
  /** Packed by gzip. */
  readonly isPacked?: boolean;
}

/** The file's bytes, by the letter of nifti1.h; the same for the same words. */
export function niftiBytes({ shape, values, isPacked = false }: WrittenVolume): Uint8Array {
  const bytes = new Uint8Array(headerLength + values.byteLength);
  const view = new DataView(bytes.buffer);
  const shorts = (at: number, numbers: readonly number[]): void =>
    numbers.forEach((value, index) => view.setInt16(at + 2 * index, value, true));
  const floats = (at: number, numbers: readonly number[]): void =>
    numbers.forEach((value, index) => view.setFloat32(at + 4 * index, value, true));
  view.setInt32(0, 348, true);
  shorts(40, [shape.length, ...shape, ...Array<number>(7 - shape.length).fill(1)]);
  shorts(70, values instanceof Int16Array ? [4, 16] : [16, 32]);
  floats(76, [1, 1, 1, 1, 1, 1, 1, 1]);
  floats(108, [headerLength, 1, 0]);
  view.setUint8(123, 2);
  // A text that no message may repeat.
  bytes.set(Buffer.from("Geheim^Name", "latin1"), 148);
  shorts(254, [1]);
  floats(280, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
  bytes.set(Buffer.from("n+1\0", "latin1"), 344);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), headerLength);
  return isPacked ? gzipSync(bytes) : bytes;
}

const headerLength = 352;

export interface MiniatureVolume {
  readonly file: string;
  readonly name: string;
  readonly label: "ill" | "well";
  readonly split: "train" | "val" | "test";
}

export interface NiftiMiniatureOptions {
  /** `table`: volumes/NAME.nii.gz and labels.csv; `folders`: SPLIT/CLASS/NAME/scan.nii.gz. */
  readonly layout?: "table" | "folders";
  readonly volumes?: number;
  readonly shape?: readonly [number, number, number];
}

/**
 * Writes volumes whose class can be learnt: the ill have a dense spot in every slice. Every other one is packed. `labels.csv`
 * has a row for each with the columns path, name, label, split and patient.
 */
export async function writeNiftiMiniature(
  root: string,
  { layout = "table", volumes = 12, shape = [16, 14, 6] }: NiftiMiniatureOptions = {},
): Promise<readonly MiniatureVolume[]> {
  const written = Array.from({ length: volumes }, (_, index) => miniatureVolume(index, layout));
  for (const [index, { file, label }] of written.entries()) {
    const values = drawVolume(shape, label, index);
    await write(join(root, file), niftiBytes({ shape, values, isPacked: file.endsWith(".gz") }));
  }
  await write(join(root, "dataset.json"), Buffer.from("{}"));
  const rows = written.map(({ file, name, label, split }) => `${file},${name},${label},${split},Geheim ${name}`);
  await write(join(root, "labels.csv"), Buffer.from(`path,name,label,split,patient\n${rows.join("\n")}\n`));
  return written;
}

function miniatureVolume(index: number, layout: "table" | "folders"): MiniatureVolume {
  const name = `scan_${String(index + 1).padStart(3, "0")}`;
  const label = index % 2 === 0 ? "ill" : "well";
  const split = (["train", "train", "train", "train", "val", "val", "test", "test"] as const)[index % 8]!;
  const ending = index % 4 < 2 ? ".nii.gz" : ".nii";
  const file = layout === "table" ? `volumes/${name}${ending}` : `${split}/${label}/${name}/scan${ending}`;
  return { file, name, label, split };
}

function drawVolume(shape: readonly [number, number, number], label: "ill" | "well", index: number): Int16Array {
  const [width, depth] = shape;
  const length = shape.reduce((product, side) => product * side, 1);
  return Int16Array.from({ length }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width) % depth];
    const isSpot = label === "ill" && Math.abs(x - width / 2) < 3 && Math.abs(y - depth / 2) < 3;
    return 100 + ((at * 37 + index * 101) % 41) + (isSpot ? 300 : 0);
  });
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
