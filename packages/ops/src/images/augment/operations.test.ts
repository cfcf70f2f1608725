import { describe, expect, it } from "vitest";
import { readAugmentFixture } from "../../../../../tests/ops/reference/augment-fixture.ts";
import { float32Result, sourceImage } from "../../../../../tests/ops/reference/resample-fixture.ts";
import { planarImage, type PlanarImage } from "../planar-image.ts";
import { resample } from "../resample.ts";
import { flipColumns, flipRows } from "./flip.ts";
import { adjustBrightness, adjustContrast } from "./intensity.ts";
import { cropTo, drawCropBox } from "./resized-crop.ts";
import { rotate } from "./rotation.ts";

const { boxes, crops, turns, flips, jitters } = readAugmentFixture();

describe("drawCropBox", () => {
  it.each(boxes)("draws torchvision's box of $size: $box", ({ size: [width, height], numbers, box }) => {
    const drawn = drawCropBox({ width, height }, streamOf(numbers));
    expect([drawn.left, drawn.top, drawn.width, drawn.height]).toEqual(box);
  });
});

describe("a crop and then the backbone's resize", () => {
  it.each(crops)("is torchvision's resized_crop: $method of $size, $channels channels", (expected) => {
    const [left, top, width, height] = expected.box;
    const size = { width: expected.side, height: expected.side };
    const result = resample(cropTo(imageOf(expected), { left, top, width, height }), size, expected.method);
    // On the scale of 0..255: bytes to a level, floats to about 1e-6 of the range.
    expect(difference(result, float32Result(expected))).toBeLessThanOrEqual(
      expected.method.startsWith("pillow") ? 0 : 2.5e-4,
    );
  });
});

describe("rotate", () => {
  it.each(turns)("takes the pixels that torchvision takes: $size by $degrees", (expected) => {
    const bytes = new Uint8Array(Buffer.from(expected.result, "base64"));
    const reference = expected.bits === 8 ? bytes : new Uint16Array(bytes.buffer);
    expect(difference(rotate(imageOf(expected), expected.degrees), reference)).toBe(0);
  });
});

describe("flips", () => {
  it.each(flips)("are torchvision's: $flip of $size", (expected) => {
    const flip = expected.flip === "columns" ? flipColumns : flipRows;
    expect(difference(flip(imageOf(expected)), Buffer.from(expected.result, "base64"))).toBe(0);
  });
});

describe("intensity", () => {
  it.each(jitters)("is torchvision's: $kind by $factor, $channels channels", (expected) => {
    const adjust = expected.kind === "brightness" ? adjustBrightness : adjustContrast;
    const reference = float32Result(expected).map((value) => 255 * value);
    expect(difference(adjust(imageOf(expected), expected.factor), reference)).toBeLessThan(255e-6);
  });
});

interface Source {
  readonly size: readonly [number, number];
  readonly channels: 1 | 3;
  readonly bits?: 8 | 16;
}

function imageOf({ size, channels, bits = 8 }: Source): PlanarImage {
  const image = planarImage(sourceImage({ from: size, channels, bits }));
  expect(image.planes).toHaveLength(channels);
  return image;
}

/** A stream that gives the numbers and, for integers, what torch's stand-in makes of them. */
function streamOf(numbers: readonly number[]) {
  let next = 0;
  const uniform = (): number => numbers[next++] ?? Number.NaN;
  return { uniform, integer: (n: number) => Math.floor(uniform() * n) };
}

/** The largest difference between an image and a reference that holds its channels one after the other. */
function difference({ planes }: PlanarImage, reference: ArrayLike<number>): number {
  const values = planes.flatMap((plane) => [...plane]);
  expect(values.length).toBe(reference.length);
  return values.reduce((largest, value, index) => {
    const distance = Math.abs(value - (reference[index] ?? Number.NaN));
    return distance <= largest ? largest : distance;
  }, 0);
}
