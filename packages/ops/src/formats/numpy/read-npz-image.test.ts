import { readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { npyBytes } from "../../../../../tests/ops/npy-testing.ts";
import { randomFrom } from "../../../../../tests/random/random-from.ts";
import { zipLimits } from "../../datasets/zip-archive.ts";
import { fileWindow } from "../../images/window/window.ts";
import { OpError } from "../../op-error.ts";
import { readImageFile } from "../read-image-file.ts";

/** Archives that NumPy saved, as base64. */
interface Archives {
  /** Of one colour image of 8 bits. */
  readonly one: {
    readonly values: readonly number[];
    readonly shape: readonly [number, number, number];
    readonly files: Readonly<Record<string, string>>;
  };
  readonly several: Readonly<Record<string, string>>;
  readonly stack: string;
  readonly objects: string;
  readonly none: string;
}

const fixture = new URL("../../../../../tests/ops/reference/numpy-images.json", import.meta.url);
const { archives } = JSON.parse(readFileSync(fixture, "utf8")) as { readonly archives: Archives };
const { one, several } = archives;
const image = npyBytes("|u1", [1, 2], Uint8Array.of(3, 9));

describe("readImageFile, of .npz archives", () => {
  test.each(Object.entries(one.files))("reads the only array of %s, whatever the file is called", async (_, base64) => {
    const [height, width, channels] = one.shape;
    const { data, ...size } = await readImageFile(Buffer.from(base64, "base64"), "scan.jpg", fileWindow);
    expect(size).toEqual({ height, width, channels });
    expect(data).toEqual(Uint8Array.from(one.values));
  });

  test("reads the only array beside other files", async () => {
    const bytes = zipSync({ "readme.txt": Buffer.from("how it was made"), "a/b.npy": image });
    expect(await readImageFile(bytes, "scan.npz", fileWindow)).toMatchObject({ width: 2, data: Uint8Array.of(3, 9) });
  });

  test.each(Object.entries(several))("refuses several arrays by their names: %s", async (_, base64) => {
    await expect(readImageFile(Buffer.from(base64, "base64"), "scans.npz", fileWindow)).rejects.toMatchObject({
      code: "image-many-frames",
      message:
        "scans.npz holds 10 arrays (slice_0, slice_1, slice_2, slice_3, slice_4, slice_5, slice_6, slice_7 and 2 more), where one image is expected.",
      hint: expect.stringContaining("`numpy.save`") as string,
    });
  });

  test("prints no name that cannot be printed, and none in full that is endless", async () => {
    const bytes = zipSync({ "a\u001b[2J\n.npy": image, [`${"b".repeat(5000)}.npy`]: image });
    await expect(readImageFile(bytes, "scans.npz", fileWindow)).rejects.toMatchObject({
      message: `scans.npz holds 2 arrays (a?[2J?, ${"b".repeat(100)}..), where one image is expected.`,
    });
  });

  test("names the array and the archive in what it refuses", async () => {
    const refused: readonly (readonly [string | Uint8Array, string, string])[] = [
      [archives.stack, "array-unexpected", "The array stack of x.npz has shape (4, 5, 6), where one image is expected"],
      [archives.objects, "npy-unsupported", "The array arr_0 of x.npz cannot be read: its elements are Python objects"],
      [archives.none, "image-unsupported", "neither PNG, JPEG, TIFF, DICOM nor a NumPy array"],
      [zipSync({ "word/a.xml": image }), "image-unsupported", "neither PNG, JPEG, TIFF, DICOM nor a NumPy array"],
      [zipSync({ "a.npy": Buffer.from("no array") }), "npy-damaged", "The array a of x.npz cannot be read"],
      [bomb(), "zip-too-large", "x.npz is refused: its entry a.npy grows from"],
      [encrypted(), "zip-unsupported", "its entry a.npy is encrypted"],
      [claiming(0xfffffffe), "zip-too-large", "to 4294967294 bytes"],
      [claiming(zipLimits.ratioFrom), "zip-damaged", "the checksum of its entry a.npy is wrong"],
    ];
    for (const [file, code, message] of refused) {
      const bytes = typeof file === "string" ? Buffer.from(file, "base64") : file;
      await expect(readImageFile(bytes, "x.npz", fileWindow), message).rejects.toMatchObject({
        name: "OpError",
        code,
        message: expect.stringContaining(message) as string,
      });
    }
  });

  test.each(Object.entries(one.files))("notices an archive that is cut short anywhere: %s", async (_, base64) => {
    const bytes = Buffer.from(base64, "base64");
    for (let length = 4; length < bytes.length; length++) {
      await expect(readImageFile(bytes.subarray(0, length), "cut.npz", fileWindow)).rejects.toMatchObject({
        code: "zip-damaged",
      });
    }
  });

  test("a random bit changed gives the image or an OpError", async () => {
    const random = randomFrom(78);
    const files = Object.values(one.files);
    const outcomes = { read: 0, refused: 0 };
    for (let round = 0; round < 1000; round++) {
      const bytes = Buffer.from(files[Math.floor(random() * files.length)]!, "base64");
      const at = Math.floor(random() * bytes.length);
      bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
      try {
        const { data } = await readImageFile(bytes, "flipped.npz", fileWindow);
        expect(data).toEqual(Uint8Array.from(one.values));
        outcomes.read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(OpError);
        outcomes.refused += 1;
      }
    }
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(50);
  });
});

/** Zeros in no proportion to their archive. */
function bomb(): Uint8Array {
  return zipSync({ "a.npy": npyBytes("|u1", [zipLimits.ratioFrom, 1], new Uint8Array(zipLimits.ratioFrom)) });
}

function encrypted(): Uint8Array {
  return changed((directory, at) => {
    directory.setUint16(at + 8, 1, true);
  });
}

/** Of an entry that says to be of so many bytes. */
function claiming(size: number): Uint8Array {
  return changed((directory, at) => {
    directory.setUint32(at + 24, size, true);
  });
}

function changed(change: (directory: DataView, at: number) => void): Uint8Array {
  const bytes = zipSync({ "a.npy": image });
  const at = Buffer.from(bytes).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  change(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at);
  return bytes;
}
