import type { RawValues } from "../../images/raw-image.ts";
import { damagedDicom } from "./dicom-errors.ts";
import { decimalsOf } from "./element-values.ts";
import { frameGroup } from "./functional-groups.ts";
import { readTable, type LookupTable } from "./lookup-table.ts";
import type { PixelLayout } from "./pixel-layout.ts";
import type { DataSet } from "./read-data-set.ts";
import type { StoredFrame } from "./stored-frames.ts";
import { tags } from "./tags.ts";

/** How stored values become those of the modality (DICOM PS3.3 C.11.1); null where they are that already. */
export type ModalityTransform = Rescale | LookupTable | null;

export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

export type ValueBounds = readonly [lowest: number, highest: number];

const unchanged: Rescale = { slope: 1, intercept: 0 };

/** @throws OpError `image-damaged` where it is said but garbled: the values would mean something else */
export function readModalityTransform(
  dataSet: DataSet,
  layout: PixelLayout,
  frame: number,
  name: string,
): ModalityTransform {
  if (layout.samples === 3 || layout.photometric === "PALETTE COLOR") return null;
  const [table] = dataSet.get(tags.modalityLutSequence)?.items ?? [];
  if (table !== undefined) {
    const read = readTable(table, tags.lutDescriptor, tags.lutData, layout.cell.isSigned);
    if (read === null) throw damagedDicom(name, "its modality lookup table is garbled");
    return read;
  }
  const group = frameGroup(dataSet, tags.pixelValueTransformationSequence, frame);
  const [slope] = decimalsOf(group, tags.rescaleSlope);
  const [intercept] = decimalsOf(group, tags.rescaleIntercept);
  if (slope === undefined && intercept === undefined) return null;
  if (slope === undefined || intercept === undefined || Number.isNaN(slope + intercept) || slope === 0) {
    throw damagedDicom(name, "its rescale slope and intercept are no such numbers");
  }
  return slope === 1 && intercept === 0 ? null : { slope, intercept };
}

/**
 * In the smallest type that holds whatever a frame of these bits may give, so that the frames of a series have one type;
 * Float32Array where slope or intercept are fractions.
 */
export function applyModalityTransform(
  stored: StoredFrame,
  transform: ModalityTransform,
  layout: PixelLayout,
): RawValues {
  const { values } = stored;
  if (transform === null) return values;
  if ("entries" in transform) return applyTable(values, transform);
  const { slope, intercept } = transform;
  const isExact = layout.cell.kind === "integer" && Number.isInteger(slope) && Number.isInteger(intercept);
  const rescaled = isExact
    ? emptyIntegers(values.length, possibleRange(stored, transform, layout))
    : new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) rescaled[index] = values[index]! * slope + intercept;
  return rescaled;
}

/** What a frame of these bits may give at the least and at the most. */
export function possibleRange({ bits }: StoredFrame, transform: ModalityTransform, { cell }: PixelLayout): ValueBounds {
  if (transform !== null && "entries" in transform) return [0, 2 ** transform.bits - 1];
  const { slope, intercept } = transform ?? unchanged;
  const [lowest, highest] = cell.isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  const ends = [lowest * slope + intercept, highest * slope + intercept];
  return [Math.min(...ends), Math.max(...ends)];
}

/** Float64Array for what 32 bits do not hold. */
function emptyIntegers(length: number, [lowest, highest]: ValueBounds): RawValues {
  const isWithin = (low: number, high: number): boolean => lowest >= low && highest <= high;
  if (isWithin(0, 0xff)) return new Uint8Array(length);
  if (isWithin(-0x80, 0x7f)) return new Int8Array(length);
  if (isWithin(0, 0xffff)) return new Uint16Array(length);
  if (isWithin(-0x8000, 0x7fff)) return new Int16Array(length);
  if (isWithin(0, 0xffffffff)) return new Uint32Array(length);
  if (isWithin(-0x80000000, 0x7fffffff)) return new Int32Array(length);
  return new Float64Array(length);
}

function applyTable(values: RawValues, { firstMapped, entries, bits }: LookupTable): Uint8Array | Uint16Array {
  const mapped = bits <= 8 ? new Uint8Array(values.length) : new Uint16Array(values.length);
  const last = entries.length - 1;
  for (let index = 0; index < values.length; index++) {
    mapped[index] = entries[Math.min(Math.max(values[index]! - firstMapped, 0), last)]!;
  }
  return mapped;
}
