import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sourceImage } from "../../../../tests/ops/reference/resample-fixture.ts";
import type { Preprocessing } from "../artifacts/backbone.ts";
import type { ExampleView } from "../artifacts/example-view.ts";
import { isMirrored } from "./augment/is-mirrored.ts";
import { augmentationNames } from "./augment/operations.ts";
import { planarImage } from "./planar-image.ts";
import { prepareImage } from "./preprocess.ts";

const side = 64;
const preprocessing: Preprocessing = {
  input: "pixels",
  imageSize: side,
  resizeTo: side,
  resample: "pillow_bilinear",
  fit: "longest-side",
  mean: [0.5, 0.25, 0.75],
  deviation: [0.5, 0.25, 0.5],
};

describe("an image that is fitted by its longest side", () => {
  it.each([
    { from: [61, 40], to: [64, 42] },
    { from: [37, 90], to: [26, 64] },
    { from: [50, 50], to: [64, 64] },
    { from: [64, 63], to: [64, 63] },
    { from: [128, 3], to: [64, 2] },
    { from: [1, 128], to: [1, 64] },
    { from: [1000, 1], to: [64, 1] },
    { from: [1, 1], to: [64, 64] },
  ] as const)("of $from pixels becomes one of $to", ({ from, to }) => {
    expect(sizeOf(inputOf(from))).toEqual(to);
  });

  it("has zeros behind it, which are the mean and not black", () => {
    const data = new Uint8Array(3 * 32 * 64);
    const target = new Float32Array(3 * side ** 2);
    prepareImage(planarImage({ width: 32, height: 64, channels: 3, data }), { preprocessing }, target);
    for (const [channel, black] of [-1, -1, -1.5].entries()) {
      const row = target.subarray(channel * side ** 2, channel * side ** 2 + side);
      expect([...row]).toEqual([...new Array<number>(32).fill(black), ...new Array<number>(32).fill(0)]);
    }
  });

  it("leaves nothing in a buffer that another image was in", () => {
    const shape = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }));
    const shared = new Float32Array(3 * side ** 2).fill(Number.NaN);
    fc.assert(
      fc.property(shape, (from) => {
        expect(same(inputOf(from, { target: shared }), inputOf(from))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe("a view of an image that is fitted by its longest side", () => {
  const others = augmentationNames.filter((name) => name !== "resized_crop");

  it("has its zeros where the image has them", () => {
    const views = fc.record({ index: fc.nat(), operations: fc.subarray([...others]), seed: fc.nat() });
    const shapes = fc.constantFrom([61, 40] as const, [37, 90] as const, [90, 7] as const);
    fc.assert(
      fc.property(views, shapes, (choice, from) => {
        const [width, height] = sizeOf(inputOf(from));
        const input = inputOf(from, { view: viewOf(choice) });
        const outside = input.filter((_, place) => place % side >= width || Math.floor(place / side) % side >= height);
        expect(outside.every((value) => value === 0)).toBe(true);
        expect(input.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("is mirrored within the image", () => {
    const from = [37, 90] as const;
    const plain = inputOf(from);
    const [width] = sizeOf(plain);
    const mirrored = plain.map((value, place) => {
      const column = place % side;
      return column < width ? plain[place - column + width - 1 - column]! : value;
    });
    const views = Array.from({ length: 20 }, (_, index) => viewOf({ index, operations: ["horizontal_flip"] }));
    expect(new Set(views.map(isMirrored)).size).toBe(2);
    for (const view of views) {
      expect(same(inputOf(from, { view }), isMirrored(view) ? mirrored : plain)).toBe(true);
    }
  });

  it("fills the whole input where a crop is what is resized", () => {
    const view = viewOf({ operations: ["resized_crop"] });
    const input = inputOf([90, 37], { view });
    expect(sizeOf(input)).toEqual([side, side]);
    expect(same(input, inputOf([90, 37], { view, fit: "squash" }))).toBe(true);
  });
});

interface InputChoice {
  readonly view?: ExampleView;
  readonly target?: Float32Array;
  readonly fit?: Preprocessing["fit"];
}

function inputOf(from: readonly [number, number], choice: InputChoice = {}): Float32Array {
  const { view, target = new Float32Array(3 * side ** 2), fit = "longest-side" } = choice;
  const image = planarImage(sourceImage({ from, channels: 3, bits: 8 }));
  prepareImage(image, { preprocessing: { ...preprocessing, fit }, view }, target);
  return target;
}

function viewOf({ index = 0, operations, seed = 0 }: ViewChoice): ExampleView {
  return { of: "a", index, recipe: { operations, seed, stored: true } };
}

interface ViewChoice {
  readonly index?: number;
  readonly operations: readonly string[];
  readonly seed?: number;
}

/** How far the image reaches: no level is exactly the mean in all three channels. */
function sizeOf(input: Float32Array): readonly [width: number, height: number] {
  let [width, height] = [0, 0];
  for (const [place, value] of input.entries()) {
    if (value === 0) continue;
    width = Math.max(width, (place % side) + 1);
    height = Math.max(height, (Math.floor(place / side) % side) + 1);
  }
  return [width, height];
}

/** Bit for bit. */
function same(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
}
