import type { TileGrid } from "./jpeg-2000-packets.ts";

/** What the SIZ marker of a JPEG 2000 code stream says (ISO/IEC 15444-1 A.5.1). */
export interface Jpeg2000Header {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bits: number;
  readonly isSigned: boolean;
  /** All components have these bits, and a sample at every pixel. */
  readonly isUniform: boolean;
  readonly grid: TileGrid;
}

/** Null where the stream does not begin with an SOC and a SIZ marker, or its tiles are of no size or beside the image. */
export function readJpeg2000Header(stream: Uint8Array): Jpeg2000Header | null {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  if (view.byteLength < 42 || view.getUint32(0) !== 0xff4fff51) return null;
  const components = view.getUint16(40);
  if (components === 0 || view.byteLength < 42 + 3 * components) return null;
  const sizes = Array.from({ length: components }, (_, index) => {
    const at = 42 + 3 * index;
    return { depth: view.getUint8(at), isFull: view.getUint8(at + 1) === 1 && view.getUint8(at + 2) === 1 };
  });
  const depth = sizes[0]!.depth;
  const grid = readGrid(view);
  const { image } = grid;
  if (!beginsWithin(grid)) return null;
  return {
    width: image.right - image.left,
    height: image.bottom - image.top,
    components,
    bits: (depth & 0x7f) + 1,
    isSigned: depth >= 0x80,
    isUniform: sizes.every((size) => size.depth === depth && size.isFull),
    grid,
  };
}

function readGrid(view: DataView): TileGrid {
  const [right, bottom, left, top] = [view.getUint32(8), view.getUint32(12), view.getUint32(16), view.getUint32(20)];
  return {
    image: { left, top, right, bottom },
    tileWidth: view.getUint32(24),
    tileHeight: view.getUint32(28),
    firstLeft: view.getUint32(32),
    firstTop: view.getUint32(36),
  };
}

/** The first tile has a pixel of the image at least. */
function beginsWithin({ image, firstLeft, firstTop, tileWidth, tileHeight }: TileGrid): boolean {
  const isAcross = firstLeft <= image.left && image.left < firstLeft + tileWidth;
  return isAcross && firstTop <= image.top && image.top < firstTop + tileHeight;
}

/** Some writers keep the boxes of a JP2 file around the stream, which DICOM does not allow: the stream within. */
export function findCodeStream(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.byteLength < 12 || view.getUint32(4) !== boxes.signature) return frame;
  for (let at = 0; at + 8 <= view.byteLength;) {
    const length = view.getUint32(at);
    if (view.getUint32(at + 4) === boxes.codeStream) return frame.subarray(at + 8);
    if (length < 8) break;
    at += length;
  }
  return frame;
}

/** `jP` and two spaces, `jp2c`. */
const boxes = { signature: 0x6a502020, codeStream: 0x6a703263 } as const;
