import type { RawImage } from "../../images/raw-image.ts";
import { dicomBytes } from "./element-header.ts";
import { decimalsOf, textOf } from "./element-values.ts";
import { findStart } from "./find-start.ts";
import { displayOfColours, readDisplay } from "./frame-display.ts";
import { applyModalityTransform, possibleRange, readModalityTransform } from "./modality-values.ts";
import { applyPalette, readPalette } from "./palette.ts";
import { openStoredFrames } from "./open-stored-frames.ts";
import type { PixelLayout } from "./pixel-layout.ts";
import type { DataSet } from "./read-data-set.ts";
import { slicePosition } from "./slice-position.ts";
import type { StoredFrame } from "./stored-frames.ts";
import { tags, type Tag } from "./tags.ts";

/** A DICOM file with pixels. Nothing in it names a patient. */
export interface DicomFile {
  readonly width: number;
  readonly height: number;
  /** 1 (grey) or 3 (RGB). */
  readonly channels: 1 | 3;
  readonly frames: number;
  /** Pseudonyms; null where the header has no identifier. */
  readonly identity: {
    readonly patient: string | null;
    readonly study: string | null;
    readonly series: string | null;
  };
  /** Where the slice lies along its stack's normal, in mm; null where it is unknown, and of several frames. */
  readonly position: number | null;
  readonly instanceNumber: number | null;
  /**
   * A frame by its index from 0, in the units of its modality. Integers stay integers, in the smallest type that holds
   * whatever the header's bits allow; a rescale by fractions gives a Float32Array. Padding values are left as they are.
   * @throws OpError `image-damaged`, `image-unsupported`
   * @throws RangeError where there is no such frame
   */
  readFrame(frame: number): Promise<RawImage>;
}

/** True of what begins as a DICOM file, or as a bare data set. */
export function isDicom(bytes: Uint8Array): boolean {
  return findStart(dicomBytes("", bytes).view) !== null;
}

/**
 * Opens a DICOM file, with or without file meta information; pixels are decoded frame by frame, when they are asked for.
 * @param bytes are kept: they must not change
 * @param name how messages call the file
 * @param pseudonym what identifiers become, e.g. a keyed hash
 * @throws OpError `image-damaged` (cut short, or it contradicts itself), `image-unsupported` (no DICOM, another transfer
 *   syntax or kind of colour), `image-too-large`, `dicom-no-pixels` (a report, a plan, ..)
 */
export async function openDicom(
  bytes: Uint8Array,
  name: string,
  pseudonym: (identifier: string) => string,
): Promise<DicomFile> {
  const { dataSet, layout, readStored } = await openStoredFrames(bytes, name);
  const { width, height, frames } = layout;
  const identify = (tag: Tag): string | null => {
    const identifier = textOf(dataSet, tag);
    return identifier === null ? null : pseudonym(identifier);
  };
  const { channels, toImage } = prepareImages(dataSet, layout, name);
  const [instanceNumber = NaN] = decimalsOf(dataSet, tags.instanceNumber);
  return {
    width,
    height,
    channels,
    frames,
    identity: {
      patient: identify(tags.patientId),
      study: identify(tags.studyInstanceUid),
      series: identify(tags.seriesInstanceUid),
    },
    position: slicePosition(dataSet, frames),
    instanceNumber: Number.isSafeInteger(instanceNumber) ? instanceNumber : null,
    readFrame: async (frame) => {
      if (!Number.isInteger(frame) || frame < 0 || frame >= frames) {
        throw new RangeError(`${name} has ${frames} frames, and none of index ${frame}.`);
      }
      return toImage(await readStored(frame), frame);
    },
  };
}

interface ImageMaker {
  readonly channels: 1 | 3;
  readonly toImage: (stored: StoredFrame, frame: number) => RawImage;
}

function prepareImages(dataSet: DataSet, layout: PixelLayout, name: string): ImageMaker {
  const { width, height, samples, photometric, cell } = layout;
  if (photometric === "PALETTE COLOR") {
    const palette = readPalette(dataSet, cell.isSigned, name);
    const bounds = [0, 2 ** Math.max(...palette.map(({ bits }) => bits)) - 1] as const;
    const toImage = (stored: StoredFrame): RawImage => {
      const values = applyPalette(stored.values, palette);
      return { width, height, channels: 3, data: values, display: displayOfColours({ values, bounds }) };
    };
    return { channels: 3, toImage };
  }
  const toImage = (stored: StoredFrame, frame: number): RawImage => {
    const transform = readModalityTransform(dataSet, layout, frame, name);
    const values = applyModalityTransform(stored, transform, layout);
    const display = readDisplay(dataSet, layout, frame, { values, bounds: possibleRange(stored, transform, layout) });
    return { width, height, channels: samples, data: values, display };
  };
  return { channels: samples, toImage };
}
