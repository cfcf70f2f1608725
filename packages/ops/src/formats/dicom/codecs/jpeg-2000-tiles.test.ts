import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { dicomBytesOf, readDicomFixture } from "../../../../../../tests/ops/reference/dicom_files-fixture.ts";
import { decodeJpeg2000 } from "./decode-jpeg-2000.ts";
import type { FrameShape } from "./decoded-frame.ts";

interface Blank {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly samples: 1 | 3;
  readonly base64: string;
}

const blanks = JSON.parse(
  readFileSync(new URL("../../../../../../tests/ops/reference/jpeg_2000_blank.json", import.meta.url), "utf8"),
) as readonly Blank[];

describe("what a JPEG 2000 stream must hold", () => {
  test.each(blanks)("no more than OpenJPEG writes: $name", async ({ base64, ...shape }) => {
    const { values } = await decodeJpeg2000(Buffer.from(base64, "base64"), shape);
    expect(values).toEqual(new Uint8Array(shape.width * shape.height * shape.samples).fill(128));
  });

  test.each(blanks)("and not a byte less: $name", async ({ base64, ...shape }) => {
    const stream = Buffer.from(base64, "base64");
    for (const { at, end } of tileParts(stream)) {
      const shorter = Buffer.concat([stream.subarray(0, end - 1), stream.subarray(end)]);
      shorter.writeUInt32BE(end - 1 - at, at + 6);
      expect(await outcomeOf(shorter, shape)).toMatchObject(damaged("shorter than its packets must be"));
    }
  });

  test("every tile", async () => {
    const { width, height, samples, base64 } = blanks.find(({ name }) => name === "tiles")!;
    const stream = Buffer.from(base64, "base64");
    const parts = tileParts(stream);
    expect(parts).toHaveLength(12);
    for (const { at, end } of parts) {
      const without = Buffer.concat([stream.subarray(0, at), stream.subarray(end)]);
      const outcome = await outcomeOf(without, { name: "a.dcm", width, height, samples });
      expect(outcome).toMatchObject(damaged("holds 11 of its 12 tiles"));
    }
  });

  test("of a tile part all that it says, but no end marker", async () => {
    const shape = { name: "a.dcm", width: 64, height: 64, samples: 1 } as const;
    const whole = stream(64, { parts: [part(0, 6)] });
    expect(await outcomeOf(whole.subarray(0, -2), shape)).toEqual({ code: "read" });
    expect(await outcomeOf(whole.subarray(0, -3), shape)).toMatchObject(damaged("cut short"));
    // Of unknown length: up to the end.
    const open = Buffer.from(whole);
    open.writeUInt32BE(0, open.indexOf(sot) + 6);
    expect(await outcomeOf(open, shape)).toEqual({ code: "read" });
    expect(await outcomeOf(open.subarray(0, -3), shape)).toMatchObject(damaged("shorter than"));
  });

  test("real tiles, as in a file", async () => {
    const file = dicomBytesOf(readDicomFixture().cases.find(({ name }) => name === "jpeg 2000, tiles")!);
    const bytes = Buffer.from(file);
    const found = bytes.subarray(bytes.indexOf(Buffer.from("ff4fff51", "hex")));
    const [width, height] = [found.readUInt32BE(8), found.readUInt32BE(12)];
    const parts = tileParts(found);
    const cut = Buffer.concat([found.subarray(0, parts[0]!.end), Buffer.from("ffd9", "hex")]);
    const shape = { name: "a.dcm", width, height, samples: 1 } as const;
    expect(await outcomeOf(cut, shape)).toMatchObject(damaged(`holds 1 of its ${parts.length} tiles`));
  });
});

describe("JPEG 2000 streams of a few bytes that claim much", () => {
  const fine = cod({ precincts: 0x11 });
  const long = part(0, 40);
  const tooShort = damaged("shorter than its packets must be");
  const garbled = damaged("cut short or corrupt");

  test.each([
    ["tiles", { tile: 64, parts: [long] }, damaged("holds 1 of its 3969 tiles")],
    ["precincts", { main: [fine], parts: [long] }, tooShort],
    ["precincts of one component", { main: [cod(), coc(0x11)], parts: [long] }, tooShort],
    ["precincts of one tile", { parts: [part(0, 40, [fine])] }, tooShort],
    ["precincts in another order", { main: [fine, poc], parts: [long] }, tooShort],
    [
      "precincts behind an unknown marker",
      { main: [cod(), Buffer.from("ff300020", "hex"), fine], parts: [long] },
      tooShort,
    ],
    ["precincts of a later part of a tile", { parts: [long, part(0, 40, [fine])] }, garbled],
    ["precincts that a later part takes back", { parts: [part(0, 40, [fine]), part(0, 40, [cod()])] }, garbled],
    ["layers", { main: [cod({ layers: 65535 })], parts: [long] }, tooShort],
    ["no coding style", { main: [], parts: [long] }, garbled],
    ["33 decompositions", { main: [cod({ levels: 33 })], parts: [long] }, garbled],
    [
      "code blocks",
      { main: [cod({ block: 0 })], parts: [long] },
      { code: "image-unsupported", message: expect.stringContaining("far more code blocks than bytes") as string },
    ],
  ])("%s", async (_, claims, refusal) => {
    const shape = { name: "a.dcm", width: 4000, height: 4000, samples: 1 } as const;
    expect(await outcomeOf(stream(4000, claims), shape)).toMatchObject(refusal);
  });

  test("but not an image that is blank", async () => {
    const shape = { name: "a.dcm", width: 1000, height: 1000, samples: 1 } as const;
    for (const claims of [{ parts: [part(0, 6)] }, { main: [cod({ layers: 6 }), poc], parts: [part(0, 36)] }]) {
      expect((await decodeJpeg2000(stream(1000, claims), shape)).values.every((value) => value === 128)).toBe(true);
    }
  });
});

/** The refusal; no pixels, which a failing test would print. */
function outcomeOf(stream: Uint8Array, shape: FrameShape): Promise<unknown> {
  return decodeJpeg2000(stream, shape).then(
    () => ({ code: "read" }),
    (error: unknown) => error,
  );
}

function damaged(message: string): object {
  return { code: "image-damaged", message: expect.stringContaining(message) as string };
}

const sot = Buffer.from("ff90000a", "hex");

function tileParts(stream: Buffer): readonly { readonly at: number; readonly end: number }[] {
  const parts = [];
  for (let at = stream.indexOf(sot); stream.readUInt16BE(at) === 0xff90; at = parts.at(-1)!.end) {
    parts.push({ at, end: at + stream.readUInt32BE(at + 6) });
  }
  return parts;
}

interface Claims {
  /** Side of a tile; the whole image if not given. */
  readonly tile?: number;
  readonly main?: readonly Buffer[];
  readonly parts: readonly Buffer[];
}

/** Grey of 8 bits, square, with 5 decompositions. */
function stream(side: number, { tile = side, main = [cod()], parts }: Claims): Buffer {
  const siz = Buffer.from(`0000${"00000000".repeat(8)}0001070101`, "hex");
  for (const [index, value] of [side, side, 0, 0, tile, tile].entries()) siz.writeUInt32BE(value, 2 + 4 * index);
  const qcd = Buffer.from(`40${"40".repeat(16)}`, "hex");
  const start = Buffer.from("ff4f", "hex");
  return Buffer.concat([start, segment(0x51, siz), ...main, segment(0x5c, qcd), ...parts, Buffer.from("ffd9", "hex")]);
}

function cod({ layers = 1, levels = 5, block = 4, precincts = -1 } = {}): Buffer {
  const sizes = precincts < 0 ? [] : Array<number>(levels + 1).fill(precincts);
  const flags = precincts < 0 ? 0 : 1;
  return segment(0x52, Buffer.from([flags, 0, layers >> 8, layers & 255, 0, levels, block, block, 0, 1, ...sizes]));
}

/** Of the first component. */
function coc(precincts: number): Buffer {
  return segment(0x53, Buffer.from([0, 1, 5, 4, 4, 0, 1, ...Array<number>(6).fill(precincts)]));
}

/** All layers of all resolutions, in the order of positions. */
const poc = segment(0x5f, Buffer.from([0, 0, 0, 6, 6, 1, 2]));

/** With so many bytes of 0, each of which is an empty packet. */
function part(tile: number, packets: number, header: readonly Buffer[] = []): Buffer {
  const body = Buffer.concat([...header, Buffer.from("ff93", "hex"), Buffer.alloc(packets)]);
  const start = Buffer.from("ff90000a000000000000" + "0000", "hex");
  start.writeUInt16BE(tile, 4);
  start.writeUInt32BE(12 + body.length, 6);
  return Buffer.concat([start, body]);
}

function segment(marker: number, content: Buffer): Buffer {
  const start = Buffer.from([0xff, marker, 0, 0]);
  start.writeUInt16BE(2 + content.length, 2);
  return Buffer.concat([start, content]);
}
