import { roundHalfToEven } from "../../images/round-half-to-even.ts";
import { shortsOf } from "./element-values.ts";
import type { TableDescriptor } from "./lookup-table.ts";
import type { DataElement } from "./read-data-set.ts";

/** The kinds of segments (DICOM PS3.3 C.7.9.2). */
const kinds = { discrete: 0, linear: 1, indirect: 2 } as const;

interface Expansion {
  readonly data: Uint8Array | Uint16Array;
  readonly entries: Uint16Array;
  filled: number;
}

/**
 * The entries of a segmented palette (PS3.3 C.7.9.2): stretches of entries, lines, and copies of earlier segments. Null where
 * it is garbled, or gives another number of entries than its descriptor says.
 */
export function readSegmentedEntries(element: DataElement, { count, bits }: TableDescriptor): Uint16Array | null {
  const data = bits > 8 ? shortsOf(element) : element.value;
  const expansion: Expansion = { data, entries: new Uint16Array(count), filled: 0 };
  // Lengths are even: a last zero of 8 bits is no segment.
  for (let at: number | null = 0; at + 1 < data.length;) {
    at = expandSegment(expansion, at, true);
    if (at === null) return null;
  }
  return expansion.filled === count ? expansion.entries : null;
}

/** Gives where the next segment begins; null where this one is garbled. */
function expandSegment(expansion: Expansion, at: number, mayCopy: boolean): number | null {
  const { data } = expansion;
  const length = data[at + 1] ?? 0;
  switch (data[at]) {
    case kinds.discrete:
      return fillDiscrete(expansion, data.subarray(at + 2, at + 2 + length), length) ? at + 2 + length : null;
    case kinds.linear:
      return fillLine(expansion, data[at + 2], length) ? at + 3 : null;
    case kinds.indirect:
      return mayCopy ? copySegments(expansion, at, length) : null;
    default:
      return null;
  }
}

function fillDiscrete(expansion: Expansion, segment: Uint8Array | Uint16Array, length: number): boolean {
  if (segment.length < length || expansion.filled + length > expansion.entries.length) return false;
  expansion.entries.set(segment, expansion.filled);
  expansion.filled += length;
  return true;
}

/** From the entry before, which is not part of it, to the last, in even steps. */
function fillLine(expansion: Expansion, last: number | undefined, length: number): boolean {
  const { entries, filled } = expansion;
  if (last === undefined || filled === 0 || filled + length > entries.length) return false;
  const first = entries[filled - 1]!;
  for (let step = 1; step <= length; step++) {
    entries[filled - 1 + step] = roundHalfToEven(first + ((last - first) * step) / length);
  }
  expansion.filled += length;
  return true;
}

/**
 * Segments from an offset in bytes on, of which none may copy again. Each has to add an entry, so that a table takes no more
 * steps than it has entries: 8 bytes can ask for 65,535 copies.
 */
function copySegments(expansion: Expansion, at: number, segments: number): number | null {
  const { data } = expansion;
  const parts = data.BYTES_PER_ELEMENT === 1 ? 4 : 2;
  const words = [...data.subarray(at + 2, at + 2 + parts)];
  if (words.length < parts) return null;
  const base = parts === 4 ? 256 : 65536;
  const offset = words.reduceRight((sum, word) => sum * base + word, 0);
  let from: number | null = offset / data.BYTES_PER_ELEMENT;
  for (let segment = 0; segment < segments; segment++) {
    if (!Number.isInteger(from) || from >= at) return null;
    const { filled } = expansion;
    from = expandSegment(expansion, from, false);
    if (from === null || expansion.filled === filled) return null;
  }
  return at + 2 + parts;
}
