import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { npyBytes, rawBytes } from "../../../../../tests/ops/npy-testing.ts";
import { randomFrom } from "../../../../../tests/random/random-from.ts";
import { OpError } from "../../op-error.ts";
import { readNpyImage, readNpzImage, type NpyLayout } from "./read-npy-image.ts";

interface Case {
  readonly name: string;
  readonly layout: NpyLayout;
  readonly base64: string;
  /** NumPy's name of the element type. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Texts are NaN and the infinities. */
  readonly slices: readonly (readonly (number | string)[])[];
}

interface Fixture {
  readonly cases: readonly Case[];
  readonly refused: Readonly<Record<string, string>>;
  readonly npz: string;
}

const fixture = new URL("../../../../../tests/ops/reference/numpy-images.json", import.meta.url);
const { cases, refused, npz } = JSON.parse(readFileSync(fixture, "utf8")) as Fixture;

describe("readNpyImage", () => {
  test.each(cases)("reads what NumPy saves: $name", (expected) => {
    const image = readNpyImage(Buffer.from(expected.base64, "base64"), "scan.npy", expected.layout);
    const [slices, height, width, channels = 1] = expected.shape;
    expect(image).toMatchObject({ slices, height, width, channels });
    // Twice and from the last on: a slice does not hang on what was read before it.
    for (const index of [...expected.slices.keys(), ...expected.slices.keys()].reverse()) {
      const slice = image.readSlice(index);
      expect(slice).toMatchObject({ height, width, channels, display: null });
      expect(slice.data.constructor.name).toBe(arrayNames[expected.type]);
      // True is white, whatever its number is.
      const white = expected.name.includes("|b1") ? 255 : 1;
      expect([...slice.data]).toEqual(expected.slices[index]!.map((value) => numberOf(value) * white));
    }
  });

  test.each(Object.entries(refused))("refuses %s", (_, base64) => {
    expect(thrownBy(() => readNpyImage(Buffer.from(base64, "base64"), "scan.npy", "HW"))).toMatchObject({
      code: "npy-unsupported",
      message: expect.stringContaining("The array scan.npy cannot be read: its elements are") as string,
    });
  });

  test.each<[string, readonly number[], NpyLayout]>([
    ["a colour image as one of greys", [2, 2, 3], "HW"],
    ["an image of greys as slices", [2, 2], "SHW"],
    ["an image of greys as one of channels", [2, 2], "HWC"],
    ["slices as channels", [2, 3, 2], "HWC"],
    ["slices of colours", [2, 2, 2, 3], "SHW"],
    ["a list", [4], "HW"],
    ["one number", [], "HW"],
    ["no rows", [0, 4], "HW"],
    ["no slices", [0, 4, 4], "SHW"],
    ["no channels", [4, 4, 0], "HWC"],
  ])("refuses %s", (_, shape, layout) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const bytes = npyBytes("|u1", shape, new Uint8Array(length));
    expect(thrownBy(() => readNpyImage(bytes, "scan.npy", layout))).toMatchObject({
      code: "array-unexpected",
      message: expect.stringContaining(`scan.npy has shape (${shape.join(", ")}); as ${layout}, `) as string,
    });
  });

  test.each([
    ["nothing", new Uint8Array(), "npy-damaged"],
    ["another file", Buffer.from("no array at all"), "npy-damaged"],
    ["a cut header", npyBytes("|u1", [2, 2], new Uint8Array(4)).subarray(0, 30), "npy-damaged"],
    ["missing values", npyBytes("<f4", [2, 2], new Uint8Array(15)), "npy-damaged"],
    ["spare values", npyBytes("<f4", [2, 2], new Uint8Array(17)), "npy-damaged"],
    ["a shape beyond all memory", npyBytes("<f8", [1e9, 1e9], new Uint8Array(8)), "npy-damaged"],
    ["a shape beyond all numbers", npyBytes("|u1", [Number("9".repeat(15)), 0], new Uint8Array()), "array-unexpected"],
    ["the byte order of a machine that is not known", npyBytes("=i2", [1, 1], new Uint8Array(2)), "npy-unsupported"],
    ["an order where there must be one", npyBytes("|i2", [1, 1], new Uint8Array(2)), "npy-unsupported"],
    ["floats of one byte", npyBytes("|f1", [1, 1], new Uint8Array(1)), "npy-unsupported"],
  ])("refuses %s", (_, bytes, code) => {
    expect(thrownBy(() => readNpyImage(bytes, "scan.npy", "HW"))).toMatchObject({ name: "OpError", code });
  });

  test("refuses whole numbers that would be rounded, in the slice that holds them", () => {
    const values = rawBytes(BigInt64Array.of(1n, 2n, 2n ** 53n, 4n));
    const image = readNpyImage(npyBytes("<i8", [2, 1, 2], values), "scan.npy", "SHW");
    expect([...image.readSlice(0).data]).toEqual([1, 2]);
    expect(() => image.readSlice(1)).toThrow("would be rounded");
    expect(() => image.readSlice(2)).toThrow("no slice 2");
  });

  test("random bits changed give an image or an OpError", () => {
    const random = randomFrom(77);
    const outcomes = { read: 0, refused: 0 };
    for (let round = 0; round < 2000; round++) {
      const { base64, layout } = cases[Math.floor(random() * cases.length)]!;
      const bytes = Buffer.from(base64, "base64");
      for (let flip = 0; flip < 3; flip++) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
      }
      try {
        const image = readNpyImage(bytes, "flipped.npy", layout);
        const { data } = image.readSlice(image.slices - 1);
        expect(data.length).toBe(image.width * image.height * image.channels);
        outcomes.read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(OpError);
        outcomes.refused += 1;
      }
    }
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(100);
  });
});

describe("readNpzImage", () => {
  const scratch = mkdtempSync(join(tmpdir(), "exp-npz-"));
  const path = join(scratch, "scans.npz");
  writeFileSync(path, Buffer.from(npz, "base64"));
  afterAll(() => {
    rmSync(scratch, { recursive: true });
  });

  test("reads the array that is named", async () => {
    const mask = await readNpzImage(path, "scans.npz", "bool", "HW");
    expect([...mask.readSlice(0).data]).toEqual(cases[0]!.slices[0]!.map((value) => Number(value) * 255));
    const stack = await readNpzImage(path, "scans.npz", "int16", "SHW");
    expect([...stack.readSlice(3).data]).toEqual(cases.at(-1)!.slices[3]);
  });

  test("names the archive and the array in what it refuses", async () => {
    await expect(readNpzImage(path, "scans.npz", "int8", "HW")).rejects.toMatchObject({
      code: "array-missing",
      message: "scans.npz has no array int8.",
    });
    await expect(readNpzImage(path, "scans.npz", "int16", "HW")).rejects.toMatchObject({
      code: "array-unexpected",
      message: expect.stringContaining("int16 of scans.npz has shape (4, 5, 3); as HW") as string,
    });
    writeFileSync(join(scratch, "cut.npz"), Buffer.from(npz, "base64").subarray(0, -30));
    await expect(readNpzImage(join(scratch, "cut.npz"), "cut.npz", "bool", "HW")).rejects.toMatchObject({
      code: "zip-damaged",
    });
  });
});

/** What becomes of NumPy's types. */
const arrayNames: Readonly<Record<string, string>> = {
  ...{ bool: "Uint8Array", uint8: "Uint8Array", int8: "Int8Array", uint16: "Uint16Array", int16: "Int16Array" },
  ...{ uint32: "Uint32Array", int32: "Int32Array", uint64: "Float64Array", int64: "Float64Array" },
  ...{ float16: "Float32Array", float32: "Float32Array", float64: "Float64Array" },
};

function numberOf(value: number | string): number {
  return value === "-inf" ? -Infinity : Number(value);
}

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
