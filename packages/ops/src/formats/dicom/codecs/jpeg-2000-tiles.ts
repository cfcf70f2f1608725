import { applySegment, markers, noCodingStyle, type CodingStyle } from "./jpeg-2000-coding.ts";

/** What a code stream holds of one of its tiles. */
export interface TileContents {
  readonly style: CodingStyle;
  /** That may be of packets: at least as many as are. */
  readonly bytes: number;
}

/**
 * The tiles that a code stream has tile parts of (ISO/IEC 15444-1 A.4.2), by number; null where its headers are garbled, or
 * a tile part reaches beyond its end.
 */
export function readTiles(stream: Uint8Array, components: number): ReadonlyMap<number, TileContents> | null {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const main = readHeader(view, 2, view.byteLength, components, noCodingStyle);
  if (main === null || main.style.resolutions.length === 0) return null;
  // The headers of all packets may stand in the main header.
  const bytesBefore = main.isPacked ? main.end : 0;
  const tiles = new Map<number, TileContents>();
  for (let at = main.end; at + 12 <= view.byteLength && view.getUint16(at) === markers.sot;) {
    // The last may say 0: up to the end.
    const length = view.getUint32(at + 6) || view.byteLength - at;
    if (length < 12 || at + length > view.byteLength) return null;
    const tile = view.getUint16(at + 4);
    const before = tiles.get(tile) ?? { style: main.style, bytes: bytesBefore };
    const header = readHeader(view, at + 12, at + length, components, before.style);
    if (header === null) return null;
    // The decoder may be done with the tile before it comes to what a later part would change, which none may.
    if (tiles.has(tile) && header.style.resolutions !== before.style.resolutions) return null;
    tiles.set(tile, { style: header.style, bytes: before.bytes + Math.max(0, length - 14) });
    at += length;
  }
  return tiles;
}

interface HeaderEnd {
  readonly style: CodingStyle;
  readonly isPacked: boolean;
  /** Where the first tile part, or the data of this one, begins. */
  readonly end: number;
}

function readHeader(
  view: DataView,
  start: number,
  end: number,
  components: number,
  before: CodingStyle,
): HeaderEnd | null {
  let style: CodingStyle | null = before;
  let isPacked = false;
  for (let at = start; at + 2 <= end;) {
    const marker = view.getUint16(at);
    if (marker === markers.sot || marker === markers.sod) return { style, isPacked, end: at };
    if (!known.has(marker)) {
      at += 2;
      continue;
    }
    const length = at + 4 <= end ? view.getUint16(at + 2) : 0;
    if (length < 2 || at + 2 + length > end) return null;
    isPacked ||= marker === markers.ppm;
    style = applySegment(style, marker, new DataView(view.buffer, view.byteOffset + at + 4, length - 2), components);
    if (style === null) return null;
    at += 2 + length;
  }
  return { style, isPacked, end };
}

/**
 * Markers whose segments OpenJPEG passes over by their lengths; behind any other it goes on to the next of these, which must
 * be read alike here, lest it sees another header. CAP, SIZ, COD, COC, TLM, PLM, PLT, CPF, QCD, QCC, RGN, POC, PPM, PPT, CRG,
 * COM, and those of part 2: MCT, MCC, MCO, CBD.
 */
const known: ReadonlySet<number> = new Set([
  ...[0xff50, 0xff51, markers.cod, markers.coc, 0xff55, 0xff57, 0xff58, 0xff59, 0xff5c, 0xff5d, 0xff5e],
  ...[markers.poc, markers.ppm, 0xff61, 0xff63, 0xff64, 0xff74, 0xff75, 0xff77, 0xff78],
]);
