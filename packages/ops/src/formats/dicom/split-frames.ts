import { damagedDicom } from "./dicom-errors.ts";
import type { DataElement, DataSet, Fragment } from "./read-data-set.ts";
import { tags } from "./tags.ts";

/** The fragments of one frame, one after the other. */
export type FrameFragments = readonly Uint8Array[];

/**
 * Which fragments make up which frame (DICOM PS3.5 section A.4): by the extended or the basic offset table, else one for each
 * frame, else by where the compressed streams begin and end.
 * @throws OpError `image-damaged` where they cannot be told apart
 */
export function splitFrames(
  dataSet: DataSet,
  pixelData: DataElement,
  frames: number,
  name: string,
): readonly FrameFragments[] {
  const [table, ...fragments] = pixelData.fragments ?? [];
  if (table === undefined || fragments.length < frames) {
    throw damagedDicom(name, `it says ${frames} frames, but has pixels in ${fragments.length} fragments`);
  }
  if (frames === 1) return [fragments.map(({ bytes }) => bytes)];
  const starts = readExtendedTable(dataSet) ?? readBasicTable(table.bytes);
  const split = starts.length === frames ? splitByStarts(fragments, starts) : null;
  if (split !== null) return split;
  if (fragments.length === frames) return fragments.map(({ bytes }) => [bytes]);
  const found = splitByMarkers(fragments);
  if (found.length === frames) return found;
  throw damagedDicom(name, `its ${fragments.length} fragments cannot be told apart as ${frames} frames`);
}

/** Of 64 bits (PS3.3 C.7.6.3.1.8); null where there is none. */
function readExtendedTable(dataSet: DataSet): readonly number[] | null {
  const value = dataSet.get(tags.extendedOffsetTable)?.value;
  if (value === undefined || value.length === 0) return null;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return Array.from({ length: value.length >> 3 }, (_, index) => Number(view.getBigUint64(8 * index, true)));
}

/** Of 32 bits; empty where the first item is. */
function readBasicTable(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getUint32(4 * index, true));
}

/** Null where an offset is not that of a fragment: such tables occur, and the fragments may still say it by themselves. */
function splitByStarts(fragments: readonly Fragment[], starts: readonly number[]): readonly FrameFragments[] | null {
  const split: Uint8Array[][] = [];
  for (const { offset, bytes } of fragments) {
    if (offset === starts[split.length]) split.push([]);
    split.at(-1)?.push(bytes);
  }
  return starts[0] === 0 && split.length === starts.length ? split : null;
}

/** A frame begins with a stream's first marker, where the fragment before ends with the last one. */
function splitByMarkers(fragments: readonly Fragment[]): readonly FrameFragments[] {
  const split: Uint8Array[][] = [];
  let hasEnded = true;
  for (const { bytes } of fragments) {
    if (hasEnded && beginsStream(bytes)) split.push([]);
    split.at(-1)?.push(bytes);
    hasEnded = endsStream(bytes);
  }
  return split;
}

/** Of JPEG and JPEG-LS, or JPEG 2000. */
function beginsStream([first, second, third, fourth]: Uint8Array): boolean {
  if (first !== 0xff || third !== 0xff) return false;
  return second === 0xd8 || (second === 0x4f && fourth === 0x51);
}

/** The same marker ends them all; some writers fill up behind it. */
function endsStream(bytes: Uint8Array): boolean {
  return bytes.subarray(-10).some((byte, index, end) => byte === 0xff && end[index + 1] === 0xd9);
}
