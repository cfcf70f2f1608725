import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sourceImage } from "../../../../../tests/ops/reference/resample-fixture.ts";
import type { Preprocessing } from "../../artifacts/backbone.ts";
import type { ExampleView } from "../../artifacts/example-view.ts";
import { planarImage } from "../planar-image.ts";
import { prepareImage } from "../preprocess.ts";
import { resample } from "../resample.ts";
import { augmentationNames } from "./operations.ts";
import { planView } from "./plan-view.ts";

const side = 12;
const plain: Preprocessing = {
  input: "pixels",
  imageSize: side,
  resizeTo: side + 4,
  resample: "torch_bicubic",
  fit: "squash",
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
};
const image = planarImage(sourceImage({ from: [37, 29], channels: 3, bits: 8 }));
const study = ["resized_crop", "horizontal_flip"];

describe("planView", () => {
  it("gives a view the same pixels whenever it is made, and other views others", () => {
    const operationLists = fc.subarray([...augmentationNames]);
    const views = fc.record({ of: fc.string(), index: fc.nat(), operations: operationLists, seed: fc.integer() });
    fc.assert(
      fc.property(views, ({ operations, seed, of, index }) => {
        const view = { of, index, recipe: { operations, seed, stored: true } };
        expect(inputOf(view)).toEqual(inputOf(structuredClone(view)));
      }),
      { numRuns: 40 },
    );
    const variants = [viewOf(), viewOf({ index: 1 }), viewOf({ of: "b" }), viewOf({ seed: 1 })];
    expect(new Set(variants.map((view) => inputOf(view).join())).size).toBe(4);
  });

  it("does the same to all images that draw by one name", () => {
    const alike = ["a", "b"].map((of) => inputOf({ ...viewOf({ of }), drawnBy: "bag" }));
    expect(alike[0]).toEqual(alike[1]);
    expect(alike[0]).not.toEqual(inputOf(viewOf()));
  });

  it("resizes what a crop leaves straight to the input's size, without a centre crop", () => {
    const crop = planView(viewOf({ operations: ["resized_crop"] }));
    expect(crop.hasCrop).toBe(true);
    const box = crop.beforeResize(image);
    const whole = resample(box, { width: side, height: side }, "torch_bicubic");
    const expected = whole.planes.flatMap((plane) => [...plane].map((value) => Math.fround(value / 255)));
    expect([...inputOf(viewOf({ operations: ["resized_crop"] }))]).toEqual(expected);
  });

  it("leaves resize and centre crop as they are where nothing is cropped", () => {
    expect(inputOf(viewOf({ operations: [] }))).toEqual(inputOf(undefined));
    const flipped = inputs({ operations: ["horizontal_flip"], count: 40 });
    const mirrored = mirror(inputOf(undefined));
    const asItIs = inputOf(undefined);
    expect(flipped.every((input) => same(input, asItIs) || same(input, mirrored))).toBe(true);
  });

  it("flips as often as it should, and crops three quarters of the image or more", () => {
    const asItIs = inputOf(undefined);
    const share = (name: string): number => {
      const views = inputs({ operations: [name], count: 1000 });
      return views.filter((input) => !same(input, asItIs)).length / views.length;
    };
    // Four standard errors.
    expect(Math.abs(share("horizontal_flip") - 0.5)).toBeLessThan(0.064);
    expect(Math.abs(share("vertical_flip") - 0.25)).toBeLessThan(0.055);
    for (let index = 0; index < 200; index++) {
      const { width, height } = planView(viewOf({ index })).beforeResize(image);
      expect(width * height).toBeGreaterThan(0.72 * image.width * image.height);
      expect(width / height).toBeGreaterThan(0.71);
      expect(width / height).toBeLessThan(1.4);
    }
  });

  it("treats grey images alike, whether stored as one channel or as three", () => {
    const grey = sourceImage({ from: [20, 16], channels: 1, bits: 8 });
    const colour = Uint8Array.from(
      { length: 3 * grey.data.length },
      (_, index) => grey.data[Math.floor(index / 3)] ?? 0,
    );
    const view = viewOf({ operations: [...augmentationNames] });
    const target = [new Float32Array(3 * side ** 2), new Float32Array(3 * side ** 2)] as const;
    prepareImage(planarImage(grey), { preprocessing: plain, view }, target[0]);
    prepareImage(planarImage({ ...grey, channels: 3, data: colour }), { preprocessing: plain, view }, target[1]);
    expect(target[0]).toEqual(target[1]);
  });

  it("knows no other operation", () => {
    expect(() => inputOf(viewOf({ operations: ["melt"] }))).toThrow('"melt"');
  });
});

interface ViewParts {
  readonly of?: string;
  readonly index?: number;
  readonly operations?: readonly string[];
  readonly seed?: number;
}

function viewOf({ of = "a", index = 0, operations = study, seed = 0 }: ViewParts = {}): ExampleView {
  return { of, index, recipe: { operations, seed, stored: true } };
}

function inputOf(view: ExampleView | undefined): Float32Array {
  const target = new Float32Array(3 * side ** 2);
  prepareImage(image, { preprocessing: plain, view }, target);
  return target;
}

function inputs({ operations, count }: { operations: readonly string[]; count: number }): readonly Float32Array[] {
  return Array.from({ length: count }, (_, index) => inputOf(viewOf({ operations, index })));
}

function mirror(input: Float32Array): Float32Array {
  return input.map((_, place) => input[place - (place % side) + side - 1 - (place % side)] ?? Number.NaN);
}

function same(a: Float32Array, b: Float32Array): boolean {
  return a.every((value, index) => value === b[index]);
}
