/** What the markers before the first scan of a JPEG stream say (ISO/IEC 10918-1 annex B). */
export interface JpegHeader {
  /** The last byte of the marker that begins the frame: 0xc0 to 0xc3. */
  readonly process: number;
  readonly bits: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly number[];
  readonly hasJfif: boolean;
  /** Of an Adobe marker: 0 (none), 1 (YCbCr), 2 (YCCK); null where there is no such marker. */
  readonly adobeTransform: number | null;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const markers = { startOfImage: 0xd8, startOfScan: 0xda } as const;
/** Baseline, extended, progressive and lossless: of Huffman codes, not hierarchical. */
const frameMarkers: readonly number[] = [0xc0, 0xc1, 0xc2, 0xc3];
/** Tables, number of lines, restart interval, comments, and application data. */
const passed: ReadonlySet<number> = new Set([0xc4, 0xdb, 0xdc, 0xdd, 0xfe, ...range(0xe0, 0xef)]);

/**
 * Null where the stream is garbled, of another process, or has any marker that need not be there: the decoder would go round
 * in circles on some.
 */
export function readJpegHeader(stream: Uint8Array): JpegHeader | null {
  if (stream[0] !== 0xff || stream[1] !== markers.startOfImage) return null;
  const header: Partial<Mutable<JpegHeader>> = { hasJfif: false, adobeTransform: null };
  let at = 2;
  for (;;) {
    while (stream[at] === 0xff && stream[at + 1] === 0xff) at++;
    const marker = stream[at + 1];
    const length = ((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0);
    const end = at + 2 + length;
    if (stream[at] !== 0xff || marker === undefined || length < 2 || end > stream.length) return null;
    const segment = stream.subarray(at + 4, end);
    if (frameMarkers.includes(marker)) {
      if (header.process !== undefined || !readFrame(segment, marker, header)) return null;
    } else if (marker === markers.startOfScan) {
      return header.process === undefined ? null : (header as JpegHeader);
    } else if (passed.has(marker)) {
      readApplicationData(segment, marker, header);
    } else {
      return null;
    }
    at = end;
  }
}

function readFrame(segment: Uint8Array, process: number, header: Partial<Mutable<JpegHeader>>): boolean {
  const [bits, heightHigh, heightLow, widthHigh, widthLow, count] = segment;
  if (count === undefined || segment.length < 6 + 3 * count) return false;
  header.process = process;
  header.bits = bits!;
  header.height = (heightHigh! << 8) | heightLow!;
  header.width = (widthHigh! << 8) | widthLow!;
  header.components = Array.from({ length: count }, (_, index) => segment[6 + 3 * index]!);
  return true;
}

function readApplicationData(segment: Uint8Array, marker: number, header: Partial<Mutable<JpegHeader>>): void {
  const text = Buffer.from(segment.subarray(0, 5)).toString("latin1");
  if (marker === 0xe0 && text.startsWith("JFIF")) header.hasJfif = true;
  if (marker === 0xee && text === "Adobe") header.adobeTransform = segment[11] ?? null;
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
