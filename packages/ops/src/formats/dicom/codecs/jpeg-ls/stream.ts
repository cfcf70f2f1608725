import { defaultPresets, type Presets } from "./presets.ts";

/** What the markers of a JPEG-LS stream say (ISO/IEC 14495-1 annex C). */
export interface JpegLsStream {
  readonly bits: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly scans: readonly JpegLsScan[];
}

export interface JpegLsScan {
  readonly components: number;
  /** How far off a value may be. */
  readonly near: number;
  readonly interleave: Interleave;
  readonly presets: Presets;
  readonly data: Uint8Array;
}

/** Of the components of a scan: one alone, line by line, or sample by sample. */
export type Interleave = "none" | "line" | "sample";

const markers = { start: 0xd8, end: 0xd9, scan: 0xda, frame: 0xf7, parameters: 0xf8, comment: 0xfe } as const;

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
type Draft = Partial<Mutable<JpegLsStream>> & { readonly scans: JpegLsScan[]; presets: Presets | null };

/** Null where it is garbled, ends without its last marker, or uses what writers of DICOM do not: restarts, tables of values, transforms of colours. */
export function readJpegLsStream(stream: Uint8Array): JpegLsStream | null {
  if (stream[0] !== 0xff || stream[1] !== markers.start) return null;
  const draft: Draft = { scans: [], presets: null };
  for (let at = 2; ;) {
    while (stream[at] === 0xff && stream[at + 1] === 0xff) at++;
    const marker = stream[at + 1];
    if (stream[at] !== 0xff || marker === undefined) return null;
    if (marker === markers.end) return draft.scans.length === 0 ? null : (draft as JpegLsStream);
    const length = ((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0);
    const segment = stream.subarray(at + 4, at + 2 + length);
    at += 2 + length;
    if (length < 2 || at > stream.length) return null;
    if (marker === markers.scan) {
      const end = endOfData(stream, at);
      if (!addScan(draft, segment, stream.subarray(at, end))) return null;
      at = end;
    } else if (!readSegment(draft, marker, segment)) {
      return null;
    }
  }
}

function readSegment(draft: Draft, marker: number, segment: Uint8Array): boolean {
  switch (marker) {
    case markers.frame:
      return readFrame(draft, segment);
    case markers.parameters:
      return readParameters(draft, segment);
    default:
      return (marker === markers.comment || (marker >= 0xe0 && marker <= 0xef)) && !transformsColours(marker, segment);
  }
}

/** By a marker of HP's that the standard does not know, but CharLS writes. */
function transformsColours(marker: number, segment: Uint8Array): boolean {
  return marker === 0xe8 && Buffer.from(segment.subarray(0, 4)).toString("latin1") === "mrfx" && segment[4] !== 0;
}

function readFrame(draft: Draft, segment: Uint8Array): boolean {
  const [bits, heightHigh, heightLow, widthHigh, widthLow, components] = segment;
  if (draft.bits !== undefined || components === undefined || segment.length < 6 + 3 * components) return false;
  draft.bits = bits!;
  draft.height = (heightHigh! << 8) | heightLow!;
  draft.width = (widthHigh! << 8) | widthLow!;
  draft.components = components;
  return bits! >= 2 && bits! <= 16;
}

/** Preset coding parameters alone: the first of them is their kind. */
function readParameters(draft: Draft, segment: Uint8Array): boolean {
  if (segment[0] !== 1 || segment.length < 11) return false;
  const [maxValue, first, second, third, reset] = [1, 3, 5, 7, 9].map((at) => (segment[at]! << 8) | segment[at + 1]!);
  draft.presets = { maxValue: maxValue!, thresholds: [first!, second!, third!], reset: reset! };
  return true;
}

function addScan(draft: Draft, segment: Uint8Array, data: Uint8Array): boolean {
  const [components = 0] = segment;
  const [near, mode, transform] = segment.subarray(1 + 2 * components);
  const interleave = (["none", "line", "sample"] as const)[mode ?? 3];
  if (draft.bits === undefined || components === 0 || interleave === undefined || transform !== 0) return false;
  if (components > 1 ? interleave === "none" : interleave !== "none") return false;
  const presets = completePresets(draft.presets, draft.bits, near!);
  if (presets === null) return false;
  draft.scans.push({ components, near: near!, interleave, presets, data });
  return true;
}

/** Zeros stand for the defaults (C.2.4.1.1). Null where the values contradict each other. */
function completePresets(stated: Presets | null, bits: number, near: number): Presets | null {
  const highest = 2 ** bits - 1;
  const maxValue = stated === null || stated.maxValue === 0 ? highest : stated.maxValue;
  if (maxValue > highest || near > Math.min(255, maxValue >> 1)) return null;
  const defaults = defaultPresets(maxValue, near);
  if (stated === null) return defaults;
  const thresholds = defaults.thresholds.map((value, index) => stated.thresholds[index]! || value);
  const [first, second, third] = thresholds as [number, number, number];
  const reset = stated.reset === 0 ? defaults.reset : stated.reset;
  const areOrdered = near < first && first <= second && second <= third && third <= maxValue;
  return areOrdered && reset >= 3 ? { maxValue, thresholds: [first, second, third], reset } : null;
}

/** Within coded data, what follows 0xff is below 0x80. */
function endOfData(stream: Uint8Array, start: number): number {
  for (let at = stream.indexOf(0xff, start); at >= 0; at = stream.indexOf(0xff, at + 1)) {
    if ((stream[at + 1] ?? 0) >= 0x80) return at;
  }
  return stream.length;
}
