import { OpError } from "../../op-error.ts";
import { requireFrameGroups } from "./functional-groups.ts";
import { readPixelLayout, type PixelLayout } from "./pixel-layout.ts";
import type { DataSet } from "./read-data-set.ts";
import { readDicomFile } from "./read-dicom-file.ts";
import { pixelElement, storedFrames, type ReadStoredFrame } from "./stored-frames.ts";

export interface StoredFrames {
  readonly dataSet: DataSet;
  readonly layout: PixelLayout;
  readonly readStored: ReadStoredFrame;
}

/**
 * A file's frames as they are stored, before their units and palettes.
 * @throws OpError as `openDicom`
 */
export async function openStoredFrames(bytes: Uint8Array, name: string): Promise<StoredFrames> {
  const { dataSet, syntax } = await readDicomFile(bytes, name);
  const pixels = pixelElement(dataSet);
  if (pixels === undefined) {
    const hint = "Take it out of the data set: it is a report, a plan or the like.";
    throw new OpError("dicom-no-pixels", `${name} has no pixels.`, hint);
  }
  const layout = readPixelLayout(dataSet, name);
  requireFrameGroups(dataSet, layout.frames, name);
  return { dataSet, layout, readStored: storedFrames(dataSet, pixels, layout, syntax, name) };
}
