import { crc32, deflateSync } from "node:zlib";

/**
 * A PNG of colour type 3 (PNG, third edition, 11.2): grey values, row-major, stored as places in a ramp of greys.
 * @param isFalling place 0 of the ramp is white: read as greys, the places are the negative
 */
export function encodePalettePng(
  greys: Uint8Array,
  { width, height, isFalling }: { readonly width: number; readonly height: number; readonly isFalling: boolean },
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits, palette, deflate, plain filters, not interlaced.
  header.set([8, 3, 0, 0, 0], 8);
  const ramp = Uint8Array.from({ length: 768 }, (_, index) => {
    const place = Math.floor(index / 3);
    return isFalling ? 255 - place : place;
  });
  const rows = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const grey = greys[row * width + column]!;
      rows[row * (width + 1) + 1 + column] = isFalling ? 255 - grey : grey;
    }
  }
  const chunks = [
    chunk("IHDR", header),
    chunk("PLTE", ramp),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", header.subarray(0, 0)),
  ];
  return new Uint8Array(Buffer.concat([Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), ...chunks]));
}

function chunk(type: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const bytes = Buffer.alloc(named.length + 8);
  bytes.writeUInt32BE(content.length, 0);
  bytes.set(named, 4);
  bytes.writeUInt32BE(crc32(named), named.length + 4);
  return bytes;
}
