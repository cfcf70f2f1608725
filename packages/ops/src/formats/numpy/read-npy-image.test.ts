import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { npyBytes, rawBytes } from "../../../../../tests/ops/npy-testing.ts";
import { randomFrom } from "../../../../../tests/random/random-from.ts";
import { maxPixels } from "../../images/decode-image.ts";
import { OpError } from "../../op-error.ts";
import { readNpyImage } from "./read-npy-image.ts";

interface Case {
  readonly name: string;
  readonly base64: string;
  /** NumPy's name of the element type. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Row-major. Texts are NaN and the infinities. */
  readonly values: readonly (number | string)[];
}

interface Fixture {
  readonly cases: readonly Case[];
  readonly refused: Readonly<Record<string, string>>;
}

const fixture = new URL("../../../../../tests/ops/reference/numpy-images.json", import.meta.url);
const { cases, refused } = JSON.parse(readFileSync(fixture, "utf8")) as Fixture;

describe("readNpyImage", () => {
  test.each(cases)("reads what NumPy saves: $name", ({ base64, type, shape, values }) => {
    const image = readNpyImage(Buffer.from(base64, "base64"), "scan.npy");
    const [height, width, channels = 1] = shape;
    expect(image).toMatchObject({ height, width, channels, display: null });
    expect(image.data.constructor.name).toBe(arrayNames[type]);
    // True is white, whatever its number is.
    const white = type === "bool" ? 255 : 1;
    expect([...image.data]).toEqual(values.map((value) => numberOf(value) * white));
  });

  test("gives pixels of its own: the file's bytes may change", () => {
    const bytes = npyBytes("|u1", [1, 2], Uint8Array.of(3, 4));
    const { data } = readNpyImage(bytes, "scan.npy");
    bytes.fill(0);
    expect([...data]).toEqual([3, 4]);
  });

  test.each(Object.entries(refused))("refuses %s", (_, base64) => {
    expect(thrownBy(() => readNpyImage(Buffer.from(base64, "base64"), "scan.npy"))).toMatchObject({
      code: "npy-unsupported",
      message: expect.stringContaining("The array scan.npy cannot be read: its elements are") as string,
    });
  });

  test.each<[string, readonly number[]]>([
    ["slices", [4, 5, 6]],
    ["colours first", [3, 4, 5]],
    ["alpha", [4, 5, 4]],
    ["grey with alpha", [4, 5, 2]],
    ["slices of colours", [2, 2, 2, 3]],
    ["a stack of one image", [1, 2, 2, 1]],
    ["a list", [4]],
    ["one number", []],
    ["no rows", [0, 4]],
    ["no columns", [4, 0, 3]],
    ["no channels", [4, 4, 0]],
  ])("refuses %s", (_, shape) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const bytes = npyBytes("|u1", shape, new Uint8Array(length));
    expect(thrownBy(() => readNpyImage(bytes, "scan.npy"))).toMatchObject({
      code: "array-unexpected",
      message: `The array scan.npy has shape (${shape.join(", ")}), where one image is expected: height x width, height x width x 1 (both grey) or height x width x 3 (RGB).`,
      hint: expect.stringContaining("Save every image or slice in a file of its own") as string,
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
    expect(thrownBy(() => readNpyImage(bytes, "scan.npy"))).toMatchObject({ name: "OpError", code });
  });

  test("refuses more pixels than are read of any image", () => {
    const header = npyBytes("|u1", [maxPixels + 1, 1], new Uint8Array());
    // Never touched, and so without memory.
    const bytes = new Uint8Array(header.length + maxPixels + 1);
    bytes.set(header);
    expect(thrownBy(() => readNpyImage(bytes, "scan.npy"))).toMatchObject({
      code: "image-too-large",
      message: `The array scan.npy has 1 x ${String(maxPixels + 1)} pixels; at most ${String(maxPixels)} are read.`,
    });
  });

  test("refuses whole numbers that would be rounded", () => {
    const imageOf = (value: bigint) => npyBytes("<i8", [1, 2], rawBytes(BigInt64Array.of(1n, value)));
    expect([...readNpyImage(imageOf(2n ** 53n - 1n), "scan.npy").data]).toEqual([1, 2 ** 53 - 1]);
    expect(thrownBy(() => readNpyImage(imageOf(2n ** 53n), "scan.npy"))).toMatchObject({
      code: "npy-unsupported",
      message: expect.stringContaining("would be rounded") as string,
    });
  });

  test("random bits changed give an image or an OpError", () => {
    const random = randomFrom(77);
    const outcomes = { read: 0, refused: 0 };
    for (let round = 0; round < 2000; round++) {
      const bytes = Buffer.from(cases[Math.floor(random() * cases.length)]!.base64, "base64");
      for (let flip = 0; flip < 3; flip++) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
      }
      try {
        const { width, height, channels, data } = readNpyImage(bytes, "flipped.npy");
        expect(data.length).toBe(width * height * channels);
        outcomes.read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(OpError);
        outcomes.refused += 1;
      }
    }
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(100);
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
