import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What a test writes: a DICOM file of CT, uncompressed, explicit VR little endian (PS3.5 section 7.1.2, PS3.10). */
export interface WrittenDicom {
  readonly patientName?: string;
  /** Null: the header has none. */
  readonly patientId: string | null;
  readonly studyUid: string | null;
  readonly seriesUid: string | null;
  readonly instanceUid: string;
  readonly instanceNumber?: number | null;
  /** Of an axial slice, in mm; null: the header does not say where it lies. */
  readonly z?: number | null;
  readonly size: number;
  /** Hounsfield units, frame after frame, each `size` rows of `size`. */
  readonly values: Int16Array;
  /** Center and width. */
  readonly window?: readonly [number, number];
  /** Without preamble and file meta information. */
  readonly isBare?: boolean;
}

/** The file's bytes; the same for the same words. */
export function dicomBytes(written: WrittenDicom): Uint8Array {
  const { patientName, patientId, studyUid, seriesUid, instanceUid, instanceNumber = null, z = null } = written;
  const { size, values, window, isBare = false } = written;
  const frames = values.length / (size * size);
  const group2 = [
    element(0x0002, 0x0002, "UI", text(ctImage, "\0")),
    element(0x0002, 0x0003, "UI", text(instanceUid, "\0")),
    element(0x0002, 0x0010, "UI", text("1.2.840.10008.1.2.1", "\0")),
  ];
  const length = group2.reduce((sum, { length: bytes }) => sum + bytes, 0);
  const meta = [new Uint8Array(128), ascii("DICM"), element(0x0002, 0x0000, "UL", uint32(length)), ...group2];
  const pixels = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const data = [
    element(0x0008, 0x0005, "CS", text("ISO_IR 192")),
    element(0x0008, 0x0016, "UI", text(ctImage, "\0")),
    element(0x0008, 0x0018, "UI", text(instanceUid, "\0")),
    element(0x0008, 0x0060, "CS", text("CT")),
    ...optional(patientName, (name) => element(0x0010, 0x0010, "PN", text(name))),
    ...optional(patientId, (id) => element(0x0010, 0x0020, "LO", text(id))),
    ...optional(studyUid, (uid) => element(0x0020, 0x000d, "UI", text(uid, "\0"))),
    ...optional(seriesUid, (uid) => element(0x0020, 0x000e, "UI", text(uid, "\0"))),
    ...optional(instanceNumber, (number) => element(0x0020, 0x0013, "IS", text(String(number)))),
    ...optional(z, (place) => element(0x0020, 0x0032, "DS", text(`-80\\-90\\${place}`))),
    ...optional(z, () => element(0x0020, 0x0037, "DS", text("1\\0\\0\\0\\1\\0"))),
    element(0x0028, 0x0002, "US", uint16(1)),
    element(0x0028, 0x0004, "CS", text("MONOCHROME2")),
    ...(frames === 1 ? [] : [element(0x0028, 0x0008, "IS", text(String(frames)))]),
    ...([0x0010, 0x0011] as const).map((number) => element(0x0028, number, "US", uint16(size))),
    ...([0x0100, 0x0101] as const).map((number) => element(0x0028, number, "US", uint16(16))),
    element(0x0028, 0x0102, "US", uint16(15)),
    element(0x0028, 0x0103, "US", uint16(1)),
    ...optional(window?.[0], (center) => element(0x0028, 0x1050, "DS", text(String(center)))),
    ...optional(window?.[1], (width) => element(0x0028, 0x1051, "DS", text(String(width)))),
    element(0x7fe0, 0x0010, "OW", pixels),
  ];
  return new Uint8Array(Buffer.concat(isBare ? data : [...meta, ...data]));
}

/** CT Image Storage. */
const ctImage = "1.2.840.10008.5.1.4.1.1.2";

function optional<Value>(value: Value | null | undefined, make: (value: Value) => Uint8Array): readonly Uint8Array[] {
  return value == null ? [] : [make(value)];
}

function element(group: number, number: number, vr: string, value: Uint8Array): Uint8Array {
  const isLong = vr === "OW";
  const bytes = new Uint8Array((isLong ? 12 : 8) + value.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, group, true);
  view.setUint16(2, number, true);
  bytes.set(ascii(vr), 4);
  if (isLong) view.setUint32(8, value.length, true);
  else view.setUint16(6, value.length, true);
  bytes.set(value, isLong ? 12 : 8);
  return bytes;
}

/** Of even length, as every value is. */
function text(words: string, padding = " "): Uint8Array {
  const bytes = Buffer.from(words, "utf8");
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, ascii(padding)]);
}

function ascii(words: string): Uint8Array {
  return Buffer.from(words, "latin1");
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value & 255, value >> 8);
}

function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** One patient of the miniature: one study of one series. */
export interface MiniaturePatient {
  readonly name: string;
  readonly id: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly label: "ill" | "well";
  readonly split: "train" | "val" | "test";
  /** Of the files, by their places from below. */
  readonly files: readonly string[];
}

export interface DicomMiniatureOptions {
  /** `table`: scans/NNN/IM1 and labels.csv; `folders`: SPLIT/CLASS/NNN/IM1. */
  readonly layout?: "table" | "folders";
  readonly patients?: number;
  /** Of each series, a file each. */
  readonly slices?: number;
  readonly size?: number;
}

/**
 * Writes series of CT slices whose class can be learnt: the ill have a dense spot. Files are named against the order in
 * which slices lie. Beside them lies what is passed over: DICOMDIR, a text, a preview. `labels.csv` has a row for each patient with
 * the columns path (of the first file), patient, study, series, label and split.
 */
export async function writeDicomMiniature(
  root: string,
  { layout = "table", patients = 12, slices = 3, size = 16 }: DicomMiniatureOptions = {},
): Promise<readonly MiniaturePatient[]> {
  const written = Array.from({ length: patients }, (_, index) => miniaturePatient(index, layout, slices));
  for (const [index, patient] of written.entries()) {
    for (const [place, file] of patient.files.entries()) {
      await write(join(root, file), sliceOf(patient, { index, place, size }));
    }
  }
  await write(join(root, "DICOMDIR"), Buffer.from("a directory of the disc"));
  await write(join(root, "notes.txt"), Buffer.from("no image"));
  await write(join(root, "preview.PNG"), Buffer.from("no image"));
  await write(join(root, ".hidden"), Buffer.from("no image"));
  const rows = written.map(({ id, studyUid, seriesUid, label, split, files }) =>
    [files[0]!, id, studyUid, seriesUid, label, split].map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","),
  );
  await write(join(root, "labels.csv"), Buffer.from(`path,patient,study,series,label,split\n${rows.join("\n")}\n`));
  return written;
}

function miniaturePatient(index: number, layout: "table" | "folders", slices: number): MiniaturePatient {
  const number = String(index + 1).padStart(3, "0");
  const label = index % 2 === 0 ? "ill" : "well";
  const split = (["train", "train", "train", "train", "val", "val", "test", "test"] as const)[index % 8]!;
  const folder = layout === "table" ? `scans/${number}` : `${split}/${label}/${number}`;
  return {
    ...{ label, split },
    // What a header may hold, and no page, log or file may show.
    name: `Geheim^Name${number}\u001b[31m<b>[${number}]`,
    id: `Geheim-${number}\u0007<script>[x]`,
    studyUid: `1.2.826.0.1.4711.${index + 1}`,
    seriesUid: `1.2.826.0.1.4711.${index + 1}.1`,
    files: Array.from({ length: slices }, (_, place) => `${folder}/IM${slices - place}${place === 1 ? ".dcm" : ""}`),
  };
}

function sliceOf(
  { name, id, studyUid, seriesUid, label }: MiniaturePatient,
  { index, place, size }: { readonly index: number; readonly place: number; readonly size: number },
): Uint8Array {
  const values = Int16Array.from({ length: size * size }, (_, at) => {
    const [x, y] = [at % size, Math.floor(at / size)];
    const isSpot = label === "ill" && Math.abs(x - size / 2) < 3 && Math.abs(y - size / 2) < 3;
    const noise = ((at * 37 + place * 11 + index * 101) % 41) - 20;
    return 40 + noise + (isSpot ? 300 : 0);
  });
  const uids = { studyUid, seriesUid, instanceUid: `${seriesUid}.${place + 1}` };
  const where = { z: -30 + 5 * place, instanceNumber: place + 1 };
  return dicomBytes({ patientName: name, patientId: id, ...uids, ...where, size, values, window: [40, 400] });
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
