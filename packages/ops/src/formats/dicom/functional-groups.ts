import { damagedDicom } from "./dicom-errors.ts";
import type { DataSet } from "./read-data-set.ts";
import { tags, type Tag } from "./tags.ts";

/**
 * What a macro of an enhanced image says of one frame (DICOM PS3.3 C.7.6.16): the frame's own item, else the one that all frames
 * share, else the data set itself, where an image that is not enhanced has the same attributes.
 */
export function frameGroup(dataSet: DataSet, macro: Tag, frame: number): DataSet {
  const own = dataSet.get(tags.perFrameFunctionalGroups)?.items[frame];
  const shared = dataSet.get(tags.sharedFunctionalGroups)?.items[0];
  return own?.get(macro)?.items[0] ?? shared?.get(macro)?.items[0] ?? dataSet;
}

/** @throws OpError `image-damaged` where some frames have items of their own, and others none */
export function requireFrameGroups(dataSet: DataSet, frames: number, name: string): void {
  const items = dataSet.get(tags.perFrameFunctionalGroups)?.items.length ?? frames;
  if (items < frames) throw damagedDicom(name, `it says ${frames} frames, but describes ${items} of them`);
}
