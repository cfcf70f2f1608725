import { damagedDicom } from "./dicom-errors.ts";
import { readDescriptor, readTable, type LookupTable } from "./lookup-table.ts";
import { readSegmentedEntries } from "./segmented-table.ts";
import type { DataSet } from "./read-data-set.ts";
import type { RawValues } from "../../images/raw-image.ts";
import { tags, type Tag } from "./tags.ts";

/** Of red, green and blue. */
export type Palette = readonly [LookupTable, LookupTable, LookupTable];

/**
 * DICOM PS3.3 C.7.6.3.1.5 and C.7.9, plain or segmented.
 * @throws OpError `image-damaged`
 */
export function readPalette(dataSet: DataSet, mapsSigned: boolean, name: string): Palette {
  const read = (descriptor: Tag, data: Tag, segments: Tag): LookupTable => {
    const table = dataSet.has(segments)
      ? readSegmented(dataSet, descriptor, segments, mapsSigned)
      : readTable(dataSet, descriptor, data, mapsSigned);
    if (table === null) throw damagedDicom(name, "its palette is missing or garbled");
    return table;
  };
  return [
    read(tags.redDescriptor, tags.redData, tags.redSegments),
    read(tags.greenDescriptor, tags.greenData, tags.greenSegments),
    read(tags.blueDescriptor, tags.blueData, tags.blueSegments),
  ];
}

function readSegmented(dataSet: DataSet, descriptorTag: Tag, segments: Tag, mapsSigned: boolean): LookupTable | null {
  const descriptor = readDescriptor(dataSet, descriptorTag, mapsSigned);
  const data = dataSet.get(segments);
  if (descriptor === null || data === undefined) return null;
  const entries = readSegmentedEntries(data, descriptor);
  return entries === null ? null : { firstMapped: descriptor.firstMapped, entries, bits: descriptor.bits };
}

/** Interleaved RGB of indices: of 8 bits where all three tables are, else of 16. */
export function applyPalette(indices: RawValues, palette: Palette): Uint8Array | Uint16Array {
  const isNarrow = palette.every(({ bits }) => bits <= 8);
  const rgb = isNarrow ? new Uint8Array(3 * indices.length) : new Uint16Array(3 * indices.length);
  for (const [colour, { firstMapped, entries }] of palette.entries()) {
    const last = entries.length - 1;
    for (let pixel = 0; pixel < indices.length; pixel++) {
      rgb[3 * pixel + colour] = entries[Math.min(Math.max(indices[pixel]! - firstMapped, 0), last)]!;
    }
  }
  return rgb;
}
