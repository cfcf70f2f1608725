/** How a tile is divided into packets and code blocks (ISO/IEC 15444-1 A.6). */
export interface CodingStyle {
  readonly layers: number;
  /** A POC marker may leave out layers of a precinct. */
  readonly isReordered: boolean;
  /** Of each component, from the lowest on. */
  readonly resolutions: readonly (readonly Resolution[])[];
}

/** Sizes as exponents of 2. */
export interface Resolution {
  readonly precinct: BlockSize;
  /** Of its code blocks, which precincts may cut. */
  readonly block: BlockSize;
}

interface BlockSize {
  readonly across: number;
  readonly down: number;
}

/** Of those that a header may have, the markers that matter here (A.2). */
export const markers = {
  cod: 0xff52,
  coc: 0xff53,
  poc: 0xff5f,
  ppm: 0xff60,
  sot: 0xff90,
  sod: 0xff93,
} as const;

export const noCodingStyle: CodingStyle = { layers: 0, isReordered: false, resolutions: [] };

/**
 * The coding style after a marker segment, which may leave it as it is; null where it is garbled.
 * @param segment what follows the length
 */
export function applySegment(
  style: CodingStyle,
  marker: number,
  segment: DataView,
  components: number,
): CodingStyle | null {
  if (marker === markers.poc) return { ...style, isReordered: true };
  if (marker === markers.cod) {
    if (segment.byteLength < 10) return null;
    const own = readResolutions(segment, 0, 5);
    return (
      own && { ...style, layers: segment.getUint16(2), resolutions: Array.from({ length: components }, () => own) }
    );
  }
  if (marker === markers.coc) {
    const at = components < 257 ? 1 : 2;
    if (segment.byteLength < at + 6) return null;
    const component = at === 1 ? segment.getUint8(0) : segment.getUint16(0);
    const own = readResolutions(segment, at, at + 1);
    return own && { ...style, resolutions: style.resolutions.map((one, index) => (index === component ? own : one)) };
  }
  return style;
}

/** At the flags, and at the number of decompositions, behind which the size of code blocks and precincts stands. */
function readResolutions(segment: DataView, flagsAt: number, levelsAt: number): readonly Resolution[] | null {
  const levels = segment.getUint8(levelsAt);
  const hasPrecincts = (segment.getUint8(flagsAt) & 1) === 1;
  if (levels > 32 || (hasPrecincts && segment.byteLength < levelsAt + 6 + levels)) return null;
  const across = (segment.getUint8(levelsAt + 1) & 15) + 2;
  const down = (segment.getUint8(levelsAt + 2) & 15) + 2;
  return Array.from({ length: levels + 1 }, (_, level) => {
    const size = hasPrecincts ? segment.getUint8(levelsAt + 5 + level) : 0xff;
    const precinct = { across: size & 15, down: size >> 4 };
    // All but the lowest are of three bands, of half the size each.
    const half = level === 0 ? 0 : 1;
    const block = { across: Math.min(across, precinct.across - half), down: Math.min(down, precinct.down - half) };
    return { precinct, block };
  });
}
