import { readFileSync } from "node:fs";

/** What `dicom_files.py` wrote: tiny files, and what is in them. */
export interface DicomFixture {
  /** Texts that stand in every file, none of which may come out. */
  readonly identifiers: readonly string[];
  readonly cases: readonly DicomCase[];
}

export interface DicomCase {
  readonly name: string;
  readonly base64: string;
  /** Of the stored values, as numpy calls it. */
  readonly type: string;
  /** Of each frame the stored values: grey, indices or RGB, interleaved. */
  readonly frames: readonly (readonly number[])[];
  /** How far off a lossy codec may be; 0 where nothing is said. */
  readonly levels?: number;
  /** The first frame in units of its modality, where a file has them. */
  readonly units?: readonly number[];
  /** The first frame as it is shown, 0 to 1, where a file says how. */
  readonly shown?: readonly number[];
  /** The only frame with its palette applied. */
  readonly rgb?: readonly number[];
  /** Of an enhanced image, frame by frame: units, and center and width of the window. */
  readonly frameUnits?: readonly (readonly number[])[];
  readonly windows?: readonly (readonly [number, number])[];
}

export function readDicomFixture(): DicomFixture {
  return JSON.parse(readFileSync(new URL("dicom_files.json", import.meta.url), "utf8")) as DicomFixture;
}

export function dicomBytesOf({ base64 }: DicomCase): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}
