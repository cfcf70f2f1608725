import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { randomFrom } from "../../../../../tests/random/random-from.ts";
import { OpError } from "../../op-error.ts";
import { openTiff } from "./open-tiff.ts";
import { tags } from "./read-directories.ts";

const fixture = new URL("../../../../../tests/ops/reference/tiff-files.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as {
  readonly cases: readonly { readonly name: string; readonly base64: string }[];
};

describe("hostile TIFF files", () => {
  test.each<[string, Uint8Array, string, string]>([
    ["is empty", new Uint8Array(), "image-unsupported", "it is no TIFF file"],
    ["is of another format", Buffer.from("\x89PNG\r\n\x1a\n"), "image-unsupported", "it is no TIFF file"],
    ["is a signature alone", Buffer.from("II*\0"), "image-damaged", "it is cut short"],
    ["has no pages", Buffer.from("II*\0\0\0\0\0"), "image-damaged", "it has no pages"],
    ["leads out of itself", Buffer.from("II*\0\xff\xff\xff\x7f", "latin1"), "image-damaged", "it is cut short"],
    ["goes in a circle", tiff({ next: 8 }), "image-damaged", "its pages go in a circle"],
    ["has directories that overlap", overlapping(), "image-damaged", "its directories are longer than the file"],
    ["claims too many pixels", tiff({ width: 100_000, height: 100_000 }), "image-too-large", "100000 x 100000"],
    ["claims more pixels than it holds", tiff({ height: 100 }), "image-too-large", "4 x 100 pixels"],
    ["claims more than its packed bytes can be", packed(20_000), "image-too-large", "20000 x 20000"],
    ["has no pixels", tiff({ width: 0 }), "image-unsupported", "it has 0 x 2 pixels"],
    ["has strips beyond its end", tiff({ stripOffsets: 5000 }), "image-damaged", "it is cut short"],
    ["has strips longer than itself", tiff({ stripByteCounts: 5000 }), "image-damaged", "it is cut short"],
    ["has empty strips", tiff({ stripByteCounts: 0 }), "image-damaged", "a part of its pixels is missing"],
    ["has too few strips", tiff({ rowsPerStrip: 1 }), "image-damaged", "a part of its pixels is missing"],
    ["has strips of no rows", tiff({ rowsPerStrip: 0 }), "image-damaged", "have no pixels"],
    ["has half a strip", tiff({ stripByteCounts: 4 }), "image-damaged", "cut short or corrupt"],
    ["has a predictor of its own", tiff({ predictor: 9 }), "image-unsupported", "its predictor is 9"],
    ["is planar in a way of its own", tiff({ planarConfiguration: 3 }), "image-unsupported", "configuration is 3"],
  ])("a file that %s", async (_, bytes, code, message) => {
    await expect(readAll(bytes)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^scan\.tif (?:cannot be (?:used|decoded)|claims)/) as string,
    });
    await expect(readAll(bytes)).rejects.toThrow(message);
  });

  test("the file that these are drawn from is read", async () => {
    const page = await (await openTiff(tiff({}), "scan.tif")).readPage(0);
    expect(page).toMatchObject({ width: 4, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
  });

  test.each(["grey u1", "lzw i2", "planar tiles u2", "pages i2", "jpeg grey"])("cut short: %s", async (name) => {
    const bytes = Buffer.from(cases.find((each) => each.name === name)!.base64, "base64");
    for (const share of [0, 0.05, 0.3, 0.6, 0.9]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      await expect(readAll(cut), String(share)).rejects.toBeInstanceOf(OpError);
    }
  });

  test("random bits changed give images or an OpError", async () => {
    const random = randomFrom(4711);
    const outcomes = { read: 0, refused: 0 };
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(cases[Math.floor(random() * cases.length)]!.base64, "base64");
      for (let flip = 0; flip < 2; flip++) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
      }
      try {
        await readAll(bytes);
        outcomes.read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(OpError);
        outcomes.refused += 1;
      }
    }
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(50);
  });
});

async function readAll(bytes: Uint8Array): Promise<void> {
  const file = await openTiff(bytes, "scan.tif");
  for (let page = 0; page < file.pages; page++) {
    const { width, height, channels, data } = await file.readPage(page);
    expect(data.length).toBe(width * height * channels);
  }
}

type Fields = Partial<Record<keyof typeof tags, number>>;

/** 4 x 2 grey pixels of 8 bits in one strip, with some fields changed. */
function tiff({ next = 0, ...changed }: Fields & { readonly next?: number }): Uint8Array {
  const fields: Fields = {
    ...{ width: 4, height: 2, bitsPerSample: 8, compression: 1, photometric: 1, stripOffsets: 0, samplesPerPixel: 1 },
    ...{ rowsPerStrip: 2, stripByteCounts: 8 },
  };
  const names = Object.keys({ ...fields, ...changed }) as (keyof typeof tags)[];
  const end = 8 + 2 + 12 * names.length + 4;
  const values = { ...fields, stripOffsets: end, ...changed };
  const bytes = Buffer.alloc(end + 8);
  bytes.write("II*\0");
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(names.length, 8);
  for (const [index, name] of names.sort((a, b) => tags[a] - tags[b]).entries()) {
    const entry = 10 + 12 * index;
    bytes.writeUInt16LE(tags[name], entry);
    bytes.writeUInt16LE(4, entry + 2);
    bytes.writeUInt32LE(1, entry + 4);
    bytes.writeUInt32LE(values[name]!, entry + 8);
  }
  bytes.writeUInt32LE(next, end - 4);
  bytes.set([1, 2, 3, 4, 5, 6, 7, 8], end);
  return bytes;
}

function packed(side: number): Uint8Array {
  return tiff({ width: side, height: side, rowsPerStrip: side, compression: 5 });
}

/** Many directories of many entries, each a few bytes behind the one before. */
function overlapping(): Uint8Array {
  const bytes = Buffer.alloc(40_000);
  bytes.write("II*\0");
  bytes.writeUInt32LE(8, 4);
  const entries = 1000;
  for (let place = 8; place < 2000; place += 24) {
    bytes.writeUInt16LE(entries, place);
    bytes.writeUInt32LE(place + 24, place + 2 + 12 * entries);
  }
  return bytes;
}
