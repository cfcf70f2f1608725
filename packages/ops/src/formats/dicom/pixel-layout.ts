import { maxPixels } from "../../images/decode-image.ts";
import { damagedDicom, tooLargeDicom, unsupportedDicom } from "./dicom-errors.ts";
import { decimalsOf, shortOf, textOf } from "./element-values.ts";
import type { DataSet } from "./read-data-set.ts";
import { tags, type Tag } from "./tags.ts";

/** How the pixels are stored (DICOM PS3.3 C.7.6.3). */
export interface PixelLayout {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly samples: 1 | 3;
  readonly photometric: Photometric;
  /** One plane for each colour, instead of colour by colour. */
  readonly isPlanar: boolean;
  readonly cell: PixelCell;
}

/** The room of one sample, and the bits of it that count (PS3.5 section 8.1.1). */
export interface PixelCell {
  readonly kind: "integer" | "float";
  readonly bitsAllocated: 1 | 8 | 16 | 32 | 64;
  readonly bitsStored: number;
  /** The position of the highest bit that counts. */
  readonly highBit: number;
  readonly isSigned: boolean;
}

const photometrics = {
  MONOCHROME1: 1,
  MONOCHROME2: 1,
  "PALETTE COLOR": 1,
  RGB: 3,
  YBR_FULL: 3,
  YBR_FULL_422: 3,
  YBR_ICT: 3,
  YBR_RCT: 3,
} as const;

export type Photometric = keyof typeof photometrics;

/** @throws OpError `image-damaged`, `image-unsupported`, `image-too-large` */
export function readPixelLayout(dataSet: DataSet, name: string): PixelLayout {
  const required = (tag: Tag, attribute: string): number => {
    const value = shortOf(dataSet, tag);
    if (value === null) throw damagedDicom(name, `it has pixels but no ${attribute}`);
    return value;
  };
  const height = required(tags.rows, "number of rows");
  const width = required(tags.columns, "number of columns");
  if (width === 0 || height === 0) throw damagedDicom(name, `its images have ${width} x ${height} pixels`);
  if (width * height > maxPixels) {
    throw tooLargeDicom(name, `its images have ${width} x ${height} pixels; at most ${maxPixels} are read`);
  }
  const photometric = readPhotometric(dataSet, name);
  const samples = photometrics[photometric];
  if ((shortOf(dataSet, tags.samplesPerPixel) ?? samples) !== samples) {
    throw damagedDicom(name, `it says ${photometric}, but not ${samples} samples per pixel`);
  }
  const cell = readCell(dataSet, name, required);
  if (samples === 3 && (cell.kind === "float" || cell.bitsAllocated === 1)) {
    throw unsupportedDicom(name, "its colours are floats, or of 1 bit");
  }
  const isPlanar = samples === 3 && shortOf(dataSet, tags.planarConfiguration) === 1;
  return { width, height, frames: readFrames(dataSet, name), samples, photometric, isPlanar, cell };
}

function readPhotometric(dataSet: DataSet, name: string): Photometric {
  const text = textOf(dataSet, tags.photometricInterpretation);
  if (text === null) throw damagedDicom(name, "it has pixels but no photometric interpretation");
  // The program's own literal: no text of a header goes into a result.
  const photometric = (Object.keys(photometrics) as Photometric[]).find((known) => known === text);
  if (photometric !== undefined) return photometric;
  throw unsupportedDicom(name, `its photometric interpretation is none of ${Object.keys(photometrics).join(", ")}`);
}

/** A frame of one pixel takes a bit of a file, and a hundred bytes of an index. */
const maxFrames = 2 ** 19;

function readFrames(dataSet: DataSet, name: string): number {
  const [frames = 1] = decimalsOf(dataSet, tags.numberOfFrames);
  if (!Number.isSafeInteger(frames) || frames < 1) throw damagedDicom(name, "its number of frames is no such number");
  if (frames > maxFrames) throw damagedDicom(name, `it claims ${frames} frames, and ${maxFrames} at most are read`);
  return frames;
}

function readCell(dataSet: DataSet, name: string, required: (tag: Tag, attribute: string) => number): PixelCell {
  if (dataSet.has(tags.floatPixelData)) return floatCell(32);
  if (dataSet.has(tags.doubleFloatPixelData)) return floatCell(64);

  const bitsAllocated = required(tags.bitsAllocated, "number of bits allocated");
  if (bitsAllocated !== 1 && bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32) {
    throw unsupportedDicom(name, `its samples are stored in ${bitsAllocated} bits each, not in 1, 8, 16 or 32`);
  }
  const bitsStored = shortOf(dataSet, tags.bitsStored) ?? bitsAllocated;
  const highBit = shortOf(dataSet, tags.highBit) ?? bitsStored - 1;
  if (bitsStored < 1 || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw damagedDicom(name, `${bitsStored} bits up to bit ${highBit} do not fit into its ${bitsAllocated} bits`);
  }
  const isSigned = required(tags.pixelRepresentation, "pixel representation") === 1;
  return { kind: "integer", bitsAllocated, bitsStored, highBit, isSigned };
}

function floatCell(bits: 32 | 64): PixelCell {
  return { kind: "float", bitsAllocated: bits, bitsStored: bits, highBit: bits - 1, isSigned: true };
}
