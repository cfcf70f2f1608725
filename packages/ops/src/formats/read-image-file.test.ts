import { describe, expect, it } from "vitest";
import sharp from "sharp";
import { npyBytes, rawBytes } from "../../../../tests/ops/npy-testing.ts";
import { fileWindow, type Window } from "../images/window/window.ts";
import { readImageFile } from "./read-image-file.ts";

const grey = sharp(Uint8Array.of(0, 50, 100, 250), { raw: { width: 2, height: 2, channels: 1 } }).toColourspace("b-w");
const window: Window = { kind: "range", low: 50, high: 250 };

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
