import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import sharp from "sharp";
import { npyBytes, rawBytes } from "../../../../tests/ops/npy-testing.ts";
import { fileWindow, type Window } from "../images/window/window.ts";
import { readImageFile } from "./read-image-file.ts";

const grey = sharp(Uint8Array.of(0, 50, 100, 250), { raw: { width: 2, height: 2, channels: 1 } }).toColourspace("b-w");
const window: Window = { kind: "range", low: 50, high: 250 };

const tiffFixture = new URL("../../../../tests/ops/reference/tiff-files.json", import.meta.url);
const { cases: tiffs } = JSON.parse(readFileSync(tiffFixture, "utf8")) as {
  readonly cases: readonly {
    readonly name: string;
    readonly base64: string;
    readonly pages: readonly { readonly height: number; readonly width: number; readonly values: readonly number[] }[];
  }[];
};
const arrayTypes = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, u4: Uint32Array, i4: Int32Array };

describe("readImageFile", () => {
  it("tells formats apart by what is in the file, whatever it is called", async () => {
    const values = Uint8Array.of(0, 50, 100, 250);
    const files = [await grey.clone().png().toBuffer(), await grey.clone().tiff({ compression: "lzw" }).toBuffer()];
    for (const bytes of [...files, npyBytes("|u1", [2, 2], values)]) {
      const image = await readImageFile(bytes, "scan.jpg", fileWindow);
      expect({ ...image, data: [...image.data] }).toEqual({ width: 2, height: 2, channels: 1, data: [...values] });
      const seen = await readImageFile(bytes, "scan.jpg", window);
      expect([...seen.data]).toEqual([0, 0, 0.25, 1]);
    }
  });

  it("takes units of their own through a window", async () => {
    const hounsfield = npyBytes("<i4", [1, 3], rawBytes(Int32Array.of(-1000, 0, 3000)));
    expect([...(await readImageFile(hounsfield, "ct.npy", { kind: "range", low: -1000, high: 1000 })).data]).toEqual([
      0, 0.5, 1,
    ]);
    expect([...(await readImageFile(hounsfield, "ct.npy", fileWindow)).data]).toEqual([0, 0.25, 1]);
  });

  it("gives colours of 8 and 16 bits as they are, and takes others through one window", async () => {
    const colours = Uint8Array.of(10, 20, 30, 40, 50, 90);
    const from = async (type: string, values: ArrayLike<number> & ArrayBufferView, through: Window = fileWindow) =>
      readImageFile(npyBytes(type, [1, 2, 3], new Uint8Array(values.buffer)), "rgb.npy", through);
    expect(await from("|u1", colours)).toEqual({ width: 2, height: 1, channels: 3, data: colours });
    const wide = Uint16Array.from(colours, (value) => value * 700);
    expect(await from("<u2", wide)).toEqual({ width: 2, height: 1, channels: 3, data: wide });
    const shares = Float32Array.of(0, 0.125, 0.25, 0.375, 0.5, 1);
    for (const values of [Int16Array.of(-800, -600, -400, -200, 0, 800), shares.map((share) => 7 * share - 3)]) {
      const image = await from(values instanceof Int16Array ? "<i2" : "<f4", values);
      expect(image).toEqual({ width: 2, height: 1, channels: 3, data: shares });
    }
    const seen = await from("<f4", shares, { kind: "range", low: 0.25, high: 0.75 });
    expect([...seen.data]).toEqual([0, 0, 0, 0.25, 0.5, 1]);
    await expect(from("<f4", Float32Array.of(0, 1, 2, 3, 4, NaN))).rejects.toMatchObject({ code: "image-not-finite" });
  });

  it.each(Object.entries(arrayTypes))("shows colours of NumPy as those of TIFF: %s", async (type, ArrayType) => {
    const { base64, pages } = tiffs.find(({ name }) => name === `rgb ${type}`)!;
    const { height, width, values } = pages[0]!;
    const bytes = new Uint8Array(ArrayType.from(values).buffer);
    const code = type.endsWith("1") ? `|${type}` : `<${type}`;
    for (const through of [fileWindow, window]) {
      const array = await readImageFile(npyBytes(code, [height, width, 3], bytes), "rgb.npy", through);
      expect(array).toEqual(await readImageFile(Buffer.from(base64, "base64"), "rgb.tif", through));
      expect(new Set(array.data).size).toBeGreaterThan(1);
    }
  });

  it("refuses what is no single image, and says what it is", async () => {
    const pages = await sharp({ create: { width: 2, height: 4, channels: 3, background: "red", pageHeight: 2 } })
      .tiff()
      .toBuffer();
    const refused: readonly (readonly [Uint8Array, string, string])[] = [
      [new Uint8Array(0), "image-damaged", "it is empty"],
      [Buffer.from("no image at all"), "image-unsupported", "neither PNG, JPEG, TIFF, DICOM nor a NumPy array"],
      [pages, "image-many-frames", "holds 2 images"],
    ];
    for (const [bytes, code, message] of refused) {
      await expect(readImageFile(bytes, "x", fileWindow)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message) as string,
      });
    }
  });
});
