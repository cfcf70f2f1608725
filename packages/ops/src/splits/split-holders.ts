import { splitNames, type SplitName } from "@exp-lab/dsl";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { numberNames } from "./number-names.ts";

/**
 * Which splits hold an image, and which hold a patient. Whoever has one copy of an image is the patient of all its copies,
 * so that an image without a patient, or under another one's name, hides nobody.
 */
export interface SplitHolders {
  /** The split of each row, as its place in `splitNames`. */
  readonly splitOf: Uint8Array;
  /** The image of each row; identical ones have one number. */
  readonly imageOf: Int32Array;
  /** The patient of each row; -1 where the source does not say. */
  readonly patientOf: Int32Array;
  /** For each image and split, the first row there (image * 3 + split); -1 where the split has none. */
  readonly imageRows: Int32Array;
  /** For each patient and split, the first row there of an image of theirs; -1 where the split has none. */
  readonly patientRows: Int32Array;
  /** For each row, the splits that hold its image: one bit per split. */
  readonly byImage: Uint8Array;
  /** For each row, the splits that hold a patient of its image. */
  readonly byPatient: Uint8Array;
}

/** In linear time. */
export function findHolders({ examples, splits }: DatasetIndex): SplitHolders {
  const splitOf = Uint8Array.from(splits, (split) => splitNames.indexOf(split));
  const images = numberNames(examples.map(({ digest }) => digest));
  const patients = numberNames(examples.map(({ group }) => group));
  const imageRows = new Int32Array(images.count * splitNames.length).fill(-1);
  splitOf.forEach((split, row) => {
    const place = images.numbers[row]! * splitNames.length + split;
    if (imageRows[place] === -1) imageRows[place] = row;
  });
  const patientRows = new Int32Array(patients.count * splitNames.length).fill(-1);
  patients.numbers.forEach((patient, row) => {
    if (patient !== -1) takeEarlier(patientRows, patient, imageRows, images.numbers[row]!);
  });
  const imagePatients = new Uint8Array(images.count);
  patients.numbers.forEach((patient, row) => {
    if (patient !== -1) imagePatients[images.numbers[row]!]! |= splitsAt(patientRows, patient);
  });
  return {
    splitOf,
    imageOf: images.numbers,
    patientOf: patients.numbers,
    imageRows,
    patientRows,
    byImage: Uint8Array.from(images.numbers, (image) => splitsAt(imageRows, image)),
    byPatient: Uint8Array.from(images.numbers, (image) => imagePatients[image]!),
  };
}

/** The bit that stands for a split. */
export function bitOf(split: SplitName): number {
  return 1 << splitNames.indexOf(split);
}

/** The bits of the splits after one, in the order train, val, test. */
export function laterThan(split: number): number {
  return splitNames.reduce((bits, _, later) => (later > split ? bits | (1 << later) : bits), 0);
}

function splitsAt(rows: Int32Array, entry: number): number {
  return splitNames.reduce(
    (bits, _, split) => (rows[entry * splitNames.length + split] === -1 ? bits : bits | (1 << split)),
    0,
  );
}

/** Where an image has a row earlier than any that the patient was known to have in the split, it is the patient's first there. */
function takeEarlier(patientRows: Int32Array, patient: number, imageRows: Int32Array, image: number): void {
  for (let split = 0; split < splitNames.length; split++) {
    const row = imageRows[image * splitNames.length + split]!;
    const place = patient * splitNames.length + split;
    if (row !== -1 && (patientRows[place] === -1 || row < patientRows[place]!)) patientRows[place] = row;
  }
}
