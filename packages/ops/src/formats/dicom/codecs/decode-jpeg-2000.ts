import { damagedDicom, unsupportedDicom } from "../dicom-errors.ts";
import type { DecodedFrame, FrameShape } from "./decoded-frame.ts";
import { findCodeStream, readJpeg2000Header, type Jpeg2000Header } from "./jpeg-2000-header.ts";
import { countTiles, tileWork } from "./jpeg-2000-packets.ts";
import { readTiles } from "./jpeg-2000-tiles.ts";
import { requireShape } from "./require-shape.ts";
import { runCodec } from "./native-codecs.ts";
import { takeSamples } from "./take-samples.ts";

/**
 * JPEG 2000 part 1 and its high-throughput coding (part 15): grey of up to 16 bits, colour of up to 8. A colour transform
 * of the stream is undone.
 * @throws OpError `image-damaged`, `image-unsupported`
 */
export async function decodeJpeg2000(frame: Uint8Array, shape: FrameShape): Promise<DecodedFrame> {
  const { name, width, height, samples } = shape;
  const stream = findCodeStream(frame);
  const header = readJpeg2000Header(stream);
  if (header === null) throw damagedDicom(name, "a frame has no JPEG 2000 header as it should be");
  requireShape(header, shape);
  requireReadable(header, shape);
  requireTiles(stream, header, name);

  const { bits, isSigned } = header;
  const bitsAllocated = bits > 8 ? 16 : 8;
  const streamShape = { width, height, samples, bitsAllocated, bits } as const;
  const bytes = await runCodec("DecodeJpeg2000", stream, streamShape, tellsDamage);
  const values = takeSamples(bytes, bitsAllocated, width * height * samples);
  if (values === null) throw damagedDicom(name, "a frame's JPEG 2000 stream is cut short or corrupt");
  return { values, bits, isSigned, colour: null };
}

/** Most warnings of OpenJPEG mean that it left samples out, or made them up. */
function tellsDamage(remark: string): boolean {
  return remark.includes("CallbackWarning") && !/Unknown marker|does not end with EOC|TPsot==TNsot/.test(remark);
}

function requireReadable({ bits, isUniform }: Jpeg2000Header, { name, samples }: FrameShape): void {
  if (!isUniform) throw unsupportedDicom(name, "the colours of its JPEG 2000 stream differ in size or depth");
  // The decoder would keep the lower 8 bits of each colour, without a word.
  const most = samples === 3 ? 8 : 16;
  if (bits > most) throw unsupportedDicom(name, `its JPEG 2000 stream has ${bits} bits per sample, more than ${most}`);
}

/** Code blocks cost a decoder memory, and an empty packet of one byte may be of any number of them. */
const mostEmptyBlocks = 2 ** 19;

/**
 * The decoder fills tiles that a stream lacks with zeros, without a word, and sets up everything that a header claims before
 * it looks whether the stream can hold it.
 */
function requireTiles(stream: Uint8Array, { grid, components }: Jpeg2000Header, name: string): void {
  const tiles = readTiles(stream, components);
  if (tiles === null) throw damagedDicom(name, "a frame's JPEG 2000 stream is cut short or corrupt");
  const count = countTiles(grid);
  const present = [...tiles].filter(([tile]) => tile < count);
  if (present.length < count) {
    throw damagedDicom(name, `a frame's JPEG 2000 stream holds ${present.length} of its ${count} tiles`);
  }
  let blocks = 0;
  for (const [tile, { style, bytes }] of present) {
    const work = tileWork(grid, tile, style);
    if (work.packets > bytes)
      throw damagedDicom(name, "a frame's JPEG 2000 stream is shorter than its packets must be");
    blocks += work.blocks;
  }
  if (blocks <= mostEmptyBlocks + stream.length) return;
  throw unsupportedDicom(name, "its JPEG 2000 stream has far more code blocks than bytes");
}
