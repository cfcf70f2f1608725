import type { Group } from "h5wasm";
import { drawSmall } from "./small-drawing.ts";
import { writeFileAt } from "./write-file.ts";

export interface BrainTumorMiniatureOptions {
  readonly patients?: number;
  /** The folders of the four archives, by number; or all files in the root. */
  readonly layout?: "archives" | "flat";
}

/**
 * A small copy of figshare 1512427: files 1.mat, 2.mat, .. of MATLAB 7.3, nearly sorted by class, with 1 to 4 slices of a patient,
 * one of them of another size, and a patient whose slices do not follow each other; beside them cvind.mat and the README.
 */
export async function writeBrainTumorMiniature(
  root: string,
  { patients = 14, layout = "archives" }: BrainTumorMiniatureOptions = {},
): Promise<void> {
  const slices = Array.from({ length: patients }, (_, patient) =>
    Array.from({ length: 1 + (patient % 4) }, () => patient),
  ).flat();
  // The last slice of the set is of the first patient.
  slices.push(0);
  for (const [place, patient] of slices.entries()) {
    const number = place + 1;
    const folder = layout === "flat" ? "" : `${archives[Math.floor((4 * place) / slices.length)]!}/`;
    const label = Math.floor((3 * patient) / patients);
    const size = place === 5 ? { width: 20, height: 16 } : { width: 32, height: 32 };
    const greys = drawSmall({ ...size, label, seed: number });
    await writeFileAt(
      root,
      `${folder}${String(number)}.mat`,
      await encodeTumorFile({ greys, ...size, label: label + 1, patient: String(100_360 + 7 * patient) }),
    );
  }
  await writeFileAt(root, "cvind.mat", "folds, and no image");
  await writeFileAt(root, "README.txt", "This brain tumor dataset ..");
}

const archives = [
  "brainTumorDataPublic_1-766",
  "brainTumorDataPublic_7671532",
  "brainTumorDataPublic_1533-2298",
  "bt_set4",
] as const;

export interface TumorFileContent {
  /** Row-major; stored 10 times as great, in 16 bits. */
  readonly greys: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly label: number;
  readonly patient: string;
}

/** The bytes of one file, columns first and behind MATLAB's own header, as `save(FILE, '-v7.3')` lays it down. */
export async function encodeTumorFile({ greys, width, height, label, patient }: TumorFileContent): Promise<Uint8Array> {
  const { File, ready } = await import("h5wasm");
  const { FS } = await ready;
  const path = "/tumour.mat";
  const file = new File(path, "w", { libver: ["earliest", "v108"] });
  const group = file.create_group("cjdata");
  writeVariable(
    group,
    "PID",
    { data: Uint16Array.from(patient, (letter) => letter.charCodeAt(0)), shape: [patient.length, 1] },
    "char",
  );
  const image = new Int16Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) image[column * height + row] = 10 * greys[row * width + column]!;
  }
  writeVariable(group, "image", { data: image, shape: [width, height] }, "int16");
  writeVariable(group, "label", { data: Float64Array.of(label), shape: [1, 1] }, "double");
  file.close();
  const written = FS.readFile(path);
  FS.unlink(path);
  return behindHeader(withoutTimes(written));
}

/**
 * HDF5 notes when each variable was written, so that no two files are alike: an object modification time message (HDF5 File Format
 * Specification, IV.A.2.s) of 8 bytes, version 1, the last four of which are the seconds.
 */
function withoutTimes(file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file);
  const message = Buffer.of(0x12, 0, 8, 0, 0, 0, 0, 0, 1, 0, 0, 0);
  for (let at = bytes.indexOf(message); at >= 0; at = bytes.indexOf(message, at + 1)) {
    bytes.writeUInt32LE(0, at + message.length);
  }
  return bytes;
}

interface Stored {
  readonly data: Uint16Array | Int16Array | Float64Array;
  readonly shape: number[];
}

function writeVariable(group: Group, name: string, { data, shape }: Stored, className: string): void {
  const packed = name === "image" ? ({ chunks: shape, compression: "gzip", compression_opts: 3 } as const) : {};
  const written = group.create_dataset({ name, data, shape, ...packed });
  written.create_attribute("MATLAB_class", className, [], `A${String(className.length)}`);
  if (className === "char") written.create_attribute("MATLAB_int_decode", 2, [], "<i");
}

/** A superblock of version 0 notes at 24 where it stands, and at 40 where the file ends. */
function behindHeader(file: Uint8Array): Uint8Array {
  const length = 512;
  const bytes = Buffer.alloc(length + file.length);
  bytes.write("MATLAB 7.3 MAT-file, Platform: PCWIN64, Created on: Sun Jan 05 2014 HDF5 schema 1.00 .".padEnd(116));
  bytes.writeUInt16LE(0x0200, 124);
  bytes.write("IM", 126);
  bytes.set(file, length);
  bytes.writeBigUInt64LE(BigInt(length), length + 24);
  bytes.writeBigUInt64LE(BigInt(bytes.length), length + 40);
  return new Uint8Array(bytes);
}
